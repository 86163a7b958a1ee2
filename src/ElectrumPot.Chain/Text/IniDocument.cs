// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Text;

/// <summary>A value of an INI file and the line it stands on, so that a mistake can be pointed at.</summary>
public sealed record IniValue(string Key, string Value, int Line);

public sealed record IniSection(string Name, int Line, IReadOnlyList<IniValue> Values)
{
    public IniValue? Find(string key) => Values.FirstOrDefault(value => value.Key == key);
}

/// <summary>A line of an INI file that cannot be understood.</summary>
public sealed class IniFormatException(string file, int line, string reason) : Exception($"{file}, line {line}: {reason}")
{
    public int Line { get; } = line;
}

/// <summary>
/// INI text as the 2014 server's ConfigParser read it: <c>key = value</c> or <c>key: value</c>, keys without case,
/// lines starting with # or ; as comments, a comment after <c> ;</c>, an indented line continues the value above.
/// Values are taken as they are: no quotes, no interpolation.
/// </summary>
public sealed class IniDocument
{
    private IniDocument(string file, IReadOnlyList<IniSection> sections)
    {
        File = file;
        Sections = sections;
    }

    /// <summary>The name used in messages.</summary>
    public string File { get; }

    public IReadOnlyList<IniSection> Sections { get; }

    public IniSection? Find(string section) => Sections.FirstOrDefault(candidate => candidate.Name == section);

    /// <exception cref="IniFormatException">A line that is none of the forms above, or a section or key given twice.</exception>
    public static IniDocument Parse(string text, string file)
    {
        var sections = new List<IniSection>();
        List<IniValue>? values = null;
        int number = 0;
        foreach (ReadOnlySpan<char> rawLine in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = StripComment(rawLine.TrimEnd());
            if (line.Trim().IsEmpty) continue;

            if (char.IsWhiteSpace(line[0]) && values is { Count: > 0 })
            {
                IniValue last = values[^1];
                values[^1] = last with { Value = $"{last.Value}\n{line.Trim()}" };
                continue;
            }

            line = line.Trim();
            if (line[0] == '[')
            {
                values = OpenSection(sections, line, file, number);
                continue;
            }

            if (values is null)
                throw new IniFormatException(file, number, "a [section] must come before the first key");
            AddValue(values, line, file, number);
        }

        return new IniDocument(file, sections);
    }

    private static List<IniValue> OpenSection(List<IniSection> sections, ReadOnlySpan<char> line, string file, int number)
    {
        if (line[^1] != ']' || line.Length == 2)
            throw new IniFormatException(file, number, $"'{line}' is no section heading; write [name]");
        string name = line[1..^1].Trim().ToString().ToLowerInvariant();
        IniSection? earlier = sections.Find(section => section.Name == name);
        if (earlier is not null)
            throw new IniFormatException(file, number, $"section [{name}] stands on line {earlier.Line} already; merge the two");
        var values = new List<IniValue>();
        sections.Add(new IniSection(name, number, values));
        return values;
    }

    private static void AddValue(List<IniValue> values, ReadOnlySpan<char> line, string file, int number)
    {
        int separator = line.IndexOfAny('=', ':');
        if (separator <= 0)
            throw new IniFormatException(file, number, $"'{line}' is neither a [section] nor key = value");
        string key = line[..separator].Trim().ToString().ToLowerInvariant();
        IniValue? earlier = values.Find(value => value.Key == key);
        if (earlier is not null)
            throw new IniFormatException(file, number, $"'{key}' is given on line {earlier.Line} already; remove one of the two");
        values.Add(new IniValue(key, line[(separator + 1)..].Trim().ToString(), number));
    }

    private static ReadOnlySpan<char> StripComment(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> trimmed = line.TrimStart();
        if (trimmed.IsEmpty || trimmed[0] is '#' or ';') return default;
        int inline = line.IndexOf(" ;", StringComparison.Ordinal);
        return inline < 0 ? line : line[..inline].TrimEnd();
    }
}
