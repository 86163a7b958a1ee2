// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>
/// A small language for what a reply has to look like.
/// <list type="bullet">
/// <item><c>str int nat bool any</c>; <c>coin</c>: whole coins with at most eight decimals and no exponent;
/// <c>hash</c>: 64 lower-case hexadecimal digits; <c>hex</c>: any even number of them; <c>header</c>: 160</item>
/// <item><c>{name:shape, other?:shape}</c>: exactly these members, those with a question mark may be absent;
/// <c>*:shape</c> is for all names not listed</item>
/// <item><c>[shape...]</c>: a list of any length; <c>[shape,shape]</c>: exactly these elements</item>
/// <item><c>shape|shape</c>: either</item>
/// <item>a JSON text matches itself; numbers to the digit</item>
/// </list>
/// </summary>
internal sealed partial class Shape
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> Kinds = new(StringComparer.Ordinal)
    {
        ["any"] = _ => true,
        ["str"] = value => value.ValueKind == JsonValueKind.String,
        ["bool"] = value => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ["int"] = value => IsNumber(value, Whole()),
        ["nat"] = value => IsNumber(value, Natural()),
        ["coin"] = value => IsNumber(value, Coins()),
        ["hash"] = value => IsText(value, HashText()),
        ["header"] = value => IsText(value, HeaderText()),
        ["hex"] = value => IsText(value, HexText()),
    };

    private readonly string _text;
    private int _at;

    private Shape(string text) => _text = text;

    private delegate string? Matcher(JsonElement value, string path);

    /// <returns>Where and how the value differs; null when it fits.</returns>
    public static string? Mismatch(string shape, JsonElement value)
    {
        var parser = new Shape(shape);
        Matcher matcher = parser.ReadChoice();
        parser._at.ShouldBe(shape.Length, $"the shape ends too early: {shape}");
        return matcher(value, "result");
    }

    public static void ShouldFit(JsonElement value, string shape) => Mismatch(shape, value).ShouldBeNull();

    private Matcher ReadChoice()
    {
        List<Matcher> choices = [ReadOne()];
        while (Accept("|")) choices.Add(ReadOne());
        if (choices.Count == 1) return choices[0];
        return (value, path) =>
        {
            string?[] misses = [.. choices.Select(choice => choice(value, path))];
            return misses.Contains(null) ? null : string.Join("; or ", misses);
        };
    }

    private Matcher ReadOne()
    {
        if (Accept("{")) return ReadMembers();
        if (Accept("[")) return ReadElements();
        Match match = Token().Match(_text, _at);
        if (!match.Success) throw new FormatException($"No shape at {_at} of {_text}");
        _at += match.Length;
        string token = match.Value.TrimStart();
        if (Kinds.TryGetValue(token, out Func<JsonElement, bool>? isKind))
            return (value, path) => isKind(value) ? null : $"{path} is no {token}: {Short(value)}";
        JsonElement wanted = JsonElement.Parse(token);
        return (value, path) => IsSame(value, wanted) ? null : $"{path} is {Short(value)} instead of {Short(wanted)}";
    }

    private Matcher ReadMembers()
    {
        Dictionary<string, Matcher> members = new(StringComparer.Ordinal);
        HashSet<string> required = new(StringComparer.Ordinal);
        while (!Accept("}"))
        {
            Match name = MemberName().Match(_text, _at);
            if (!name.Success) throw new FormatException($"No member at {_at} of {_text}");
            _at += name.Length;
            string key = name.Groups["name"].Value;
            if (name.Groups["optional"].Length == 0 && key != "*") required.Add(key);
            members.Add(key, ReadChoice());
            Accept(",");
        }

        return (value, path) =>
        {
            if (value.ValueKind != JsonValueKind.Object) return $"{path} is no object: {Short(value)}";
            HashSet<string> missing = [.. required];
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (!seen.Add(member.Name)) return $"{path} has {member.Name} twice";
                missing.Remove(member.Name);
                if (!members.TryGetValue(member.Name, out Matcher? matcher) && !members.TryGetValue("*", out matcher))
                    return $"{path} has {member.Name}, which does not belong there";
                if (matcher(member.Value, $"{path}.{member.Name}") is { } mismatch) return mismatch;
            }

            return missing.Count == 0 ? null : $"{path} lacks {string.Join(", ", missing)}: {Short(value)}";
        };
    }

    private Matcher ReadElements()
    {
        List<Matcher> elements = [];
        while (!Accept("]"))
        {
            elements.Add(ReadChoice());
            if (Accept("...]")) return (value, path) => MatchList(value, path, (_, _) => elements[0]);
            Accept(",");
        }

        return (value, path) =>
            MatchList(value, path, (at, count) => count == elements.Count ? elements[at] : null)
            ?? (value.GetArrayLength() == elements.Count ? null : $"{path} does not have {elements.Count} elements: {Short(value)}");
    }

    private static string? MatchList(JsonElement value, string path, Func<int, int, Matcher?> at)
    {
        if (value.ValueKind != JsonValueKind.Array) return $"{path} is no list: {Short(value)}";
        int count = value.GetArrayLength();
        return value.EnumerateArray().Select((element, i) => at(i, count)?.Invoke(element, $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]"))
            .FirstOrDefault(mismatch => mismatch is not null);
    }

    private bool Accept(string token)
    {
        int at = _at;
        while (at < _text.Length && char.IsWhiteSpace(_text[at])) at++;
        if (string.CompareOrdinal(_text, at, token, 0, token.Length) != 0) return false;
        _at = at + token.Length;
        return true;
    }

    private static bool IsSame(JsonElement value, JsonElement wanted) => value.ValueKind == wanted.ValueKind && value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() == wanted.GetString(),
        JsonValueKind.Number => value.GetRawText() == wanted.GetRawText(),
        _ => true,
    };

    private static bool IsNumber(JsonElement value, Regex form) => value.ValueKind == JsonValueKind.Number && form.IsMatch(value.GetRawText());

    private static bool IsText(JsonElement value, Regex form) => value.ValueKind == JsonValueKind.String && form.IsMatch(value.GetString()!);

    private static string Short(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 200 ? text : $"{text[..200]}... ({text.Length} characters)";
    }

    [GeneratedRegex("""\G\s*("(\\.|[^"\\])*"|-?[0-9][0-9.eE+-]*|[a-z]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("""\G\s*"?(?<name>[A-Za-z0-9_]+|\*)"?(?<optional>\??)\s*:""")]
    private static partial Regex MemberName();

    [GeneratedRegex(@"^(0|-?[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\z")]
    private static partial Regex Natural();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(\.[0-9]{1,8})?\z")]
    private static partial Regex Coins();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex HashText();

    [GeneratedRegex(@"^[0-9a-f]{160}\z")]
    private static partial Regex HeaderText();

    [GeneratedRegex(@"^([0-9a-f]{2})*\z")]
    private static partial Regex HexText();
}
