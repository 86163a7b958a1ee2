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
/// an indented line continues the value above, <c>""</c> is the empty value; otherwise values are taken as they are, with
/// neither quotes nor interpolation. Comments are lines that start with #, ; or the word <c>rem</c>, and in the line of
/// a key what follows a ; after white space; in the line of a section what follows a # or ;.
/// </summary>
/// <remarks>
/// Stricter than ConfigParser where it was silent about a mistake: sections (without case) and keys may stand only once.
/// Kinder in one point: a comment may be indented.
/// </remarks>
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
            ReadOnlySpan<char> line = rawLine.Trim();
            if (line.IsEmpty || IsComment(line) || IsRemark(rawLine)) continue;

            if (char.IsWhiteSpace(rawLine[0]) && values is { Count: > 0 })
            {
                IniValue last = values[^1];
                values[^1] = last with { Value = $"{last.Value}\n{line}" };
                continue;
            }

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
        int end = line.IndexOf(']');
        ReadOnlySpan<char> heading = end < 0 ? default : line[1..end].Trim();
        ReadOnlySpan<char> rest = end < 0 ? default : line[(end + 1)..].TrimStart();
        if (heading.IsEmpty || !(rest.IsEmpty || IsComment(rest)))
            throw new IniFormatException(file, number, $"'{line}' is no section heading; write [name]");
        string name = heading.ToString().ToLowerInvariant();
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
        ReadOnlySpan<char> value = StripComment(line[(separator + 1)..]).Trim();
        values.Add(new IniValue(key, value is "\"\"" ? "" : value.ToString(), number));
    }

    private static bool IsComment(ReadOnlySpan<char> line) => line[0] is '#' or ';';

    /// <summary>Not indented: there the word begins a line of somebody's banner.</summary>
    private static bool IsRemark(ReadOnlySpan<char> line) =>
        line.StartsWith("rem", StringComparison.OrdinalIgnoreCase) && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    /// <summary>Cuts at the first semicolon after white space; one inside a word, as in a password, belongs to the value.</summary>
    private static ReadOnlySpan<char> StripComment(ReadOnlySpan<char> value)
    {
        for (int i = 1; i < value.Length; i++)
        {
            if (value[i] == ';' && char.IsWhiteSpace(value[i - 1]))
                return value[..i];
        }

        return value;
    }
}
