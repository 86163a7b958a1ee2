// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Peers.Irc;

/// <summary>One line of IRC (RFC 1459, 2.3): <c>:prefix COMMAND parameter parameter :last parameter</c>.</summary>
/// <param name="Nick">Of whoever it is from; empty when it is not said.</param>
internal sealed record IrcLine(string Nick, string Command, IReadOnlyList<string> Params)
{
    /// <summary>As RFC 1459 has it; a server that sends more is not understood any further.</summary>
    private const int MaxParams = 15;

    /// <summary>A parameter; empty when there are not so many.</summary>
    public string this[int index] => index < Params.Count ? Params[index] : "";

    /// <param name="text">Without the line end; any text at all.</param>
    public static IrcLine Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        // Tags of IRC version 3.
        if (rest.StartsWith('@')) TakeWord(ref rest);
        string nick = "";
        if (rest.StartsWith(':'))
        {
            ReadOnlySpan<char> prefix = TakeWord(ref rest)[1..];
            int end = prefix.IndexOfAny('!', '@');
            nick = (end < 0 ? prefix : prefix[..end]).ToString();
        }

        string command = TakeWord(ref rest).ToString().ToUpperInvariant();
        var parameters = new List<string>();
        while (!rest.IsEmpty && parameters.Count < MaxParams)
        {
            if (rest[0] == ':')
            {
                parameters.Add(rest[1..].ToString());
                break;
            }

            parameters.Add(TakeWord(ref rest).ToString());
        }

        return new IrcLine(nick, command, parameters);
    }

    private static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf(' ');
        ReadOnlySpan<char> word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..].TrimStart(' ');
        return word;
    }
}
