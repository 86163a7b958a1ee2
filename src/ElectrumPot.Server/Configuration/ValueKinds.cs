// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Server.Configuration;

/// <summary>Any text; empty is a value like any other.</summary>
internal sealed class TextKind(string allowed = "a text") : ValueKind<string>
{
    public override string Allowed => allowed;

    public override bool TryParse(string text, out string value)
    {
        value = text;
        return true;
    }

    public override bool TryParseEmpty(out string value)
    {
        value = "";
        return true;
    }

    public override string Format(string value) => value;
}

/// <summary>A word of a fixed list, without case.</summary>
internal sealed class ChoiceKind(params string[] words) : ValueKind<string>
{
    public override string Allowed => $"one of {string.Join(", ", words)}";

    public override IReadOnlyList<string> Suggestions => words;

    public override bool TryParse(string text, out string value)
    {
        value = text.ToLowerInvariant();
        return words.Contains(value);
    }

    public override string Format(string value) => value;
}

internal sealed class BooleanKind : ValueKind<bool>
{
    public override string Allowed => "yes or no";

    public override bool TryParse(string text, out bool value)
    {
        // The spellings of 2014's ConfigParser.
        string word = text.ToLowerInvariant();
        value = word is "yes" or "true" or "on" or "1";
        return value || word is "no" or "false" or "off" or "0";
    }

    public override bool TryParseEmpty(out bool value)
    {
        value = false;
        return true;
    }

    public override string Format(bool value) => value ? "yes" : "no";
}

/// <summary>A whole number within bounds.</summary>
internal sealed class NumberKind(long min, long max, string unit) : ValueKind<long>
{
    public override string Allowed =>
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}{(unit.Length == 0 ? "" : $" ({unit})")}");

    public override bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    public override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A TCP port; null is what <paramref name="empty"/> says.</summary>
internal sealed class PortKind(string empty = "off") : ValueKind<int?>
{
    public override string Allowed => $"a port from 1 to 65535, or empty for {empty}";

    public override bool TryParse(string text, out int? value)
    {
        value = null;
        if (text is "0" || text.ToLowerInvariant() is "off" or "no" or "none") return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535) return false;
        value = port;
        return true;
    }

    public override bool TryParseEmpty(out int? value)
    {
        value = null;
        return true;
    }

    public override string Format(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A version of the Electrum protocol that the server knows.</summary>
internal sealed class ProtocolVersionKind : ValueKind<ProtocolVersion>
{
    public override string Allowed => $"one of {string.Join(", ", ProtocolVersion.Served)}";

    public override bool TryParse(string text, out ProtocolVersion value) =>
        ProtocolVersion.TryParse(text, out value) && ProtocolVersion.Served.Contains(value);

    public override string Format(ProtocolVersion value) => value.ToString();
}

/// <summary>A time span such as <c>500ms</c>, <c>5s</c>, <c>10min</c>, <c>2h</c>, <c>1d</c>; a bare number is seconds.</summary>
internal sealed class DurationKind(TimeSpan min, TimeSpan max) : ValueKind<TimeSpan>
{
    private static readonly (string Unit, double Milliseconds)[] Units =
    [
        ("ms", 1), ("s", 1_000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ];

    public override string Allowed => $"a time from {Format(min)} to {Format(max)}, such as 500ms, 5s, 10min, 2h or 1d";

    public override bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        string unit = digits < 0 ? "s" : text[digits..].Trim().ToLowerInvariant();
        if (!long.TryParse(digits < 0 ? text : text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count)) return false;
        double milliseconds = Array.Find(Units, candidate => candidate.Unit == unit).Milliseconds;
        if (milliseconds == 0 || count > max.TotalMilliseconds) return false;
        value = TimeSpan.FromMilliseconds(count * milliseconds);
        return value >= min && value <= max;
    }

    public override string Format(TimeSpan value)
    {
        double milliseconds = value.TotalMilliseconds;
        (string unit, double size) = Units.Where(candidate => candidate.Unit != "m").Last(candidate => candidate.Milliseconds == 1 || milliseconds % candidate.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / size:0}{unit}");
    }
}
