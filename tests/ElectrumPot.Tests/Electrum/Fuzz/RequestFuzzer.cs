// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;

namespace ElectrumPot.Tests.Electrum.Fuzz;

/// <summary>
/// Makes lines that wallets, broken wallets and attackers might send: valid requests of every method and version, the
/// same with other values, members and ids, in batches, and with damaged bytes.
/// </summary>
internal sealed class RequestFuzzer(Random random)
{
    private static readonly (string Method, string[] Names, string[] Args)[] Valid =
    [
        .. from row in VersionMatrix.Rows.Concat(VersionMatrix.Extras)
           from example in row.Examples
           select (row.Method, row.Names, Args: example.Values().Select(ConformanceServer.Fill).ToArray()),
    ];

    private static readonly string[] Versions =
    [
        .. VersionMatrix.Columns.Select(version => $"\"{version}\""), "[\"1.4\",\"1.6\"]", "[\"0.8\",\"9\"]", "1.2", "\"\"", "null",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "8", "100", "101", "2016", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e3",
        "1.5", "-0", "1e999", "123456789012345678901234567890123456789012345678901234567890", "0.00000001", "\"\"", "\"x\"", "\"1.4\"", "\"0.9\"",
        "\"\\ud800\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"ä€😀\"", "[]", "{}", "[[]]", "[{\"a\":[null]}]", "[\"1.4\",\"1.6\"]", "{\"height\":1}",
        "\"CONSERVATIVE\"", "\"76a914\"", "\"00\"", "\"zz\"", "\"0100000000000000000000\"", .. Chain(),
    ];

    private static readonly string[] Junk = ["", "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "tru", "01", "-", "1.", "\t", "'a'", "//", "NaN", "{\"id\":1"];

    private static readonly byte[][] BadBytes =
    [
        [0x00], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x1b], [0x7f], "\r"u8.ToArray(),
        "\n"u8.ToArray(), "\\u00"u8.ToArray(), "\u2028"u8.ToArray(),
    ];

    /// <summary>One line, or several when a LF was put into it.</summary>
    public byte[] Next()
    {
        string text = random.Next(100) switch
        {
            < 80 => Request(),
            < 92 => Batch(),
            < 94 => Deep(),
            < 95 => new string(' ', random.Next(3000)) + Request(),
            < 96 => Request()[..^1] + new string(' ', random.Next(3000)) + "}",
            _ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pick(Junk))),
        };
        byte[] line = Encoding.UTF8.GetBytes(text);
        return random.Next(6) == 0 ? Damage(line) : line;
    }

    private static IEnumerable<string> Chain()
    {
        foreach (string name in (string[])["$scripthash", "$unusedscripthash", "$address", "$unusedaddress", "$first", "$second", "$pending", "$new", "$script", "$rawnew", "$blockhash7"])
            yield return $"\"{ConformanceServer.Fill(name)}\"";
        for (int i = 0; i < 40; i++)
            yield return $"\"{ScriptedChain.Hash(i)}\"";
    }

    private string Request()
    {
        List<string> members = [];
        (string method, string[] names, string[] args) = random.Next(60) == 0 ? Negotiation() : Pick(Valid);
        if (random.Next(4) == 0) args = Change(args);
        if (random.Next(40) == 0) method = random.Next(2) == 0 ? Pick(VersionMatrix.NeverServed) : method + Pick(Junk).Replace("\"", "\\\"", StringComparison.Ordinal);
        if (random.Next(3) > 0) members.Add("\"jsonrpc\":\"2.0\"");
        else if (random.Next(3) == 0) members.Add($"\"jsonrpc\":{Pick(Values)}");
        if (random.Next(15) > 0) members.Add($"\"id\":{Id()}");
        members.Add(random.Next(60) == 0 ? $"\"method\":{Pick(Values)}" : $"\"{Escaped("method")}\":\"{Escaped(method)}\"");
        if (args.Length > 0 || random.Next(2) == 0) members.Add($"\"params\":{Arguments(names, args)}");
        if (random.Next(30) == 0) members.Add($"\"{Pick<string>(["id", "method", "params", "jsonrpc", "result", "error", ""])}\":{Pick(Values)}");
        if (random.Next(4) == 0) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        string separator = random.Next(4) == 0 ? " , " : ",";
        return $"{{{string.Join(separator, members)}}}";
    }

    private (string Method, string[] Names, string[] Args) Negotiation() =>
        ("server.version", ["client_name", "protocol_version"], ["\"fuzz\"", Pick(Versions)]);

    private string[] Change(string[] args)
    {
        List<string> changed = [.. args];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            if (changed.Count > 0 && random.Next(3) > 0) changed[random.Next(changed.Count)] = Pick(Values);
            else if (changed.Count > 0 && random.Next(2) == 0) changed.RemoveAt(random.Next(changed.Count));
            else changed.Add(Pick(Values));
        }

        return [.. changed];
    }

    private string Arguments(string[] names, string[] args) => random.Next(10) switch
    {
        0 or 1 => $"{{{string.Join(',', args.Zip(names, (value, name) => $"\"{name}\":{value}"))}}}",
        2 when random.Next(6) == 0 => Pick(Values),
        _ => $"[{string.Join(',', args)}]",
    };

    private string Id() => random.Next(12) == 0 ? Pick(Values) : random.Next(4) == 0 ? $"\"{random.Next(1_000_000)}\"" : random.Next(1_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>Sometimes with a letter written as an escape.</summary>
    private string Escaped(string text)
    {
        if (random.Next(50) != 0 || text.Length == 0 || text.Contains('\\')) return text;
        int at = random.Next(text.Length);
        return $"{text[..at]}\\u{(int)text[at]:x4}{text[(at + 1)..]}";
    }

    private string Batch() =>
        $"[{string.Join(',', Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(8) == 0 ? Pick(Values) : Request()))}]";

    private string Deep()
    {
        int depth = random.Next(2, 300);
        string nested = random.Next(2) == 0 ? new string('[', depth) + new string(']', random.Next(3) == 0 ? depth - 1 : depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        return random.Next(2) == 0 ? nested : $$"""{"id":{{Id()}},"method":"server.ping","params":{{nested}}}""";
    }

    private byte[] Damage(byte[] line)
    {
        List<byte> bytes = [.. line];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, Pick(BadBytes));
                    break;
                case 4:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(Junk)));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Skip(at).Take(random.Next(20)).ToArray());
                    break;
            }
        }

        return [.. bytes];
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
