// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Text;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Configuration;

/// <summary>Checks a file against the list of options and collects every mistake before it complains.</summary>
internal static class ConfigurationReader
{
    /// <exception cref="ConfigurationException">Anything that is unknown, out of range or contradictory.</exception>
    public static ServerConfiguration Read(IniDocument document)
    {
        var mistakes = new List<string>();
        var notes = new List<string>();
        var values = new Dictionary<ConfigurationOption, object>();
        foreach (ConfigurationOption option in ConfigurationOptions.All)
        {
            if (Choose(document, option, mistakes, notes) is not { } written) continue;
            object? value = option.Parse(written.Value.Value);
            if (value is null)
                mistakes.Add(Wrong(document, option, written));
            else
                values[option] = value;
            if (value is not null && option.NotServed && !option.IsDefault(value))
                notes.Add($"{At(document, written.Value)}: [{written.Section}] {written.Value.Key} is not served by this version and has no effect");
        }

        FindUnknown(document, mistakes);
        CoinRegistry coins = ReadCoins(document, mistakes);
        if (mistakes.Count > 0) throw new ConfigurationException(mistakes);

        Written? coin = Find(document, ServerSection.Coin.Section, ServerSection.Coin.Key);
        var configuration = new ServerConfiguration(document.File, values, coins, notes, coin is null ? document.File : At(document, coin.Value));
        _ = configuration.Coin;
        _ = configuration.Protocol;
        return configuration;
    }

    private static Written? Choose(IniDocument document, ConfigurationOption option, List<string> mistakes, List<string> notes)
    {
        Written? chosen = Find(document, option.Section, option.Key);
        foreach (string oldName in option.OldNames)
        {
            string[] parts = oldName.Split('/');
            if (Find(document, parts[0], parts[1]) is not { } old) continue;
            if (chosen is null)
            {
                chosen = old;
                Note(notes, DescribeOldName(document, old, option));
            }
            else if (chosen.Section == option.Section && chosen.Value.Key == option.Key)
            {
                mistakes.Add($"{At(document, old.Value)}: {old} is an old name of {option}, which is given on line {chosen.Value.Line}; remove one of the two");
            }
            else
            {
                notes.Add($"{At(document, old.Value)}: {old} is not used because {chosen} is given on line {chosen.Value.Line}");
            }
        }

        return chosen;
    }

    /// <summary>A section that was merely renamed is noted once, not with every key in it.</summary>
    private static string DescribeOldName(IniDocument document, Written old, ConfigurationOption option) =>
        old.Value.Key == option.Key
            ? $"{document.File}, line {document.Find(old.Section)!.Line}: section [{old.Section}] is an old name of [{option.Section}]; it is still understood"
            : $"{At(document, old.Value)}: {old} is an old name of {option}; it is still understood";

    private static void Note(List<string> notes, string note)
    {
        if (!notes.Contains(note)) notes.Add(note);
    }

    private static Written? Find(IniDocument document, string section, string key) =>
        document.Find(section)?.Find(key) is { } value ? new Written(section, value) : null;

    private static string Wrong(IniDocument document, ConfigurationOption option, Written written)
    {
        string value = option.Secret ? "" : $" = {written.Value.Value}";
        string guess = Spelling.Closest(written.Value.Value, option.Suggestions) is { } word && !option.Secret ? $"; did you mean '{word}'?" : "";
        return $"{At(document, written.Value)}: {written}{value}: must be {option.Allowed}{guess}";
    }

    private static void FindUnknown(IniDocument document, List<string> mistakes)
    {
        foreach (IniSection section in document.Sections)
        {
            if (section.Name.StartsWith(CoinSectionReader.Prefix, StringComparison.Ordinal)) continue;
            if (!ConfigurationOptions.Sections.Contains(section.Name))
            {
                string guess = Spelling.Closest(section.Name, ConfigurationOptions.Sections) is { } name ? $"did you mean [{name}]?" : $"known are {KnownSections()}";
                mistakes.Add($"{document.File}, line {section.Line}: section [{section.Name}] is not known; {guess}");
                continue;
            }

            foreach (IniValue value in section.Values)
            {
                if (!ConfigurationOptions.Keys(section.Name).Contains(value.Key))
                    mistakes.Add($"{At(document, value)}: [{section.Name}] {value.Key} is not known; {WhatWasMeant(section.Name, value.Key)}");
            }
        }
    }

    private static string WhatWasMeant(string section, string key)
    {
        if (ConfigurationOptions.All.FirstOrDefault(option => option.Key == key) is { } elsewhere)
            return $"{key} belongs into section [{elsewhere.Section}]";
        return Spelling.Closest(key, ConfigurationOptions.Keys(section)) is { } guess
            ? $"did you mean {guess}?"
            : $"known are {string.Join(", ", ConfigurationOptions.All.Where(option => option.Section == section && !option.NotServed).Select(option => option.Key))}";
    }

    private static CoinRegistry ReadCoins(IniDocument document, List<string> mistakes)
    {
        try
        {
            return CoinRegistry.With(document);
        }
        catch (CoinDefinitionException wrong)
        {
            IniSection? section = document.Sections.FirstOrDefault(candidate => wrong.Message.StartsWith($"[{candidate.Name}]", StringComparison.Ordinal));
            int line = section?.Find(wrong.Key)?.Line ?? section?.Line ?? 0;
            mistakes.Add($"{document.File}, line {line}: {wrong.Message}");
            return CoinRegistry.BuiltIn;
        }
    }

    private static string At(IniDocument document, IniValue value) => $"{document.File}, line {value.Line}";

    private static string KnownSections() =>
        string.Join(", ", ConfigurationOptions.All.Select(option => $"[{option.Section}]").Distinct(StringComparer.Ordinal).Append("[coin:NAME]"));

    private sealed record Written(string Section, IniValue Value)
    {
        public override string ToString() => $"[{Section}] {Value.Key}";
    }
}
