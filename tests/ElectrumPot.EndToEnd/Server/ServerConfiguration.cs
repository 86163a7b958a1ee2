// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace ElectrumPot.EndToEnd.Server;

/// <summary>A configuration file under construction: sections and keys as an operator writes them.</summary>
internal sealed class ServerConfiguration
{
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal);

    /// <summary>The value of <c>key</c> in <c>[section]</c>; null removes it.</summary>
    public object? this[string section, string key]
    {
        get => _sections.TryGetValue(section, out var keys) && keys.TryGetValue(key, out string? value) ? value : null;
        set
        {
            if (!_sections.TryGetValue(section, out var keys)) _sections[section] = keys = new(StringComparer.Ordinal);
            if (value is null) keys.Remove(key);
            else keys[key] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
    }

    public int Number(string section, string key) => int.Parse((string)this[section, key]!, CultureInfo.InvariantCulture);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach ((string section, Dictionary<string, string> keys) in _sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{section}]\n");
            foreach ((string key, string value) in keys) text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");
            text.Append('\n');
        }

        return text.ToString();
    }
}
