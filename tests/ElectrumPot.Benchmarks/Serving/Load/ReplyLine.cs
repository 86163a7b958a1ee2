// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>A line from the server, looked at as little as possible.</summary>
internal readonly ref struct ReplyLine
{
    private static ReadOnlySpan<byte> Head => "{\"jsonrpc\":\"2.0\",\"id\":"u8;

    private static ReadOnlySpan<byte> ResultName => ",\"result\":"u8;

    private ReplyLine(int id, ReadOnlySpan<byte> result, ReadOnlySpan<byte> line)
    {
        Id = id;
        Result = result;
        Line = line;
    }

    /// <summary>-1 when it has none that is a number: a notification, or no reply at all.</summary>
    public int Id { get; }

    /// <summary>The JSON of the result; empty when it is an error.</summary>
    public ReadOnlySpan<byte> Result { get; }

    public ReadOnlySpan<byte> Line { get; }

    public bool IsNotification => Id < 0 && Line.IndexOf("\"method\":"u8) >= 0;

    /// <param name="line">Without its line feed.</param>
    public static ReplyLine Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Head)) return new ReplyLine(-1, [], line);
        int at = Head.Length;
        int id = 0;
        int digits = 0;
        for (; at < line.Length && line[at] is >= (byte)'0' and <= (byte)'9' && digits < 9; at++, digits++)
            id = (id * 10) + line[at] - '0';
        if (digits == 0) id = -1;
        ReadOnlySpan<byte> rest = line[at..];
        bool isResult = rest.StartsWith(ResultName) && rest.Length > ResultName.Length + 1 && rest[^1] == (byte)'}';
        return new ReplyLine(id, isResult ? rest[ResultName.Length..^1] : [], line);
    }
}
