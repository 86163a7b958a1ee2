// SPDX-License-Identifier: MIT

using System.Text;

namespace ElectrumPot.Server.Configuration;

/// <summary>Writes <c>electrum-pot.conf.sample</c> from the list of options.</summary>
internal static class ConfigurationSample
{
    private const int Width = 100;

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("# Configuration of the Electrum-POT server. Copy it to /etc/electrum-pot.conf and fill in [potcoind].\n");
        text.Append("# A line that begins with # is a comment; the values shown there are the defaults. An empty port to listen on is off.\n");
        text.Append("# A configuration of 2014 works unchanged: [leveldb], path_fulltree and [bitcoind] are still understood.\n");
        text.Append("# Check your file with: electrum-pot-server check-config\n");
        foreach ((string section, string about) in ConfigurationOptions.About)
        {
            text.Append('\n');
            Comment(text, about);
            text.Append($"[{section}]\n");
            foreach (ConfigurationOption option in ConfigurationOptions.All.Where(option => option.Section == section && !option.NotServed))
                Write(text, option);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ConfigurationOption option)
    {
        text.Append('\n');
        Comment(text, option.Description);
        Comment(text, $"Allowed: {option.Allowed}.{(option.DefaultText is null ? "" : $" Default: {option.DefaultText}.")}");
        text.Append($"{(option.Essential ? "" : "#")}{option.Key} = {option.DefaultValue}".TrimEnd()).Append('\n');
    }

    private static void Comment(StringBuilder text, string sentence)
    {
        var line = new StringBuilder("#");
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line.Clear().Append('#');
            }

            line.Append(' ').Append(word);
        }

        text.Append(line).Append('\n');
    }
}
