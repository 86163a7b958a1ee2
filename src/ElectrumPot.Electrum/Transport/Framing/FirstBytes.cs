// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;

namespace ElectrumPot.Electrum.Transport.Framing;

/// <summary>Tells from its first bytes what a connection speaks, and leaves them where they are.</summary>
internal static class FirstBytes
{
    private const byte TlsHandshake = 0x16;

    private static readonly byte[][] HttpMethods =
    [
        "GET "u8.ToArray(), "POST "u8.ToArray(), "OPTIONS "u8.ToArray(), "HEAD "u8.ToArray(), "PUT "u8.ToArray(),
        "DELETE "u8.ToArray(), "PATCH "u8.ToArray(), "TRACE "u8.ToArray(), "CONNECT "u8.ToArray(),
    ];

    private static readonly int LongestMethod = HttpMethods.Max(method => method.Length);

    /// <summary>Whether it is a TLS handshake; null as long as there is nothing to tell from.</summary>
    public static bool? IsTls(ReadOnlySequence<byte> start) => start.IsEmpty ? null : start.FirstSpan[0] == TlsHandshake;

    /// <summary>Whether it is an HTTP request; null as long as it may become one.</summary>
    /// <remarks>No line of JSON begins with a capital letter, so the two cannot be mistaken for each other.</remarks>
    public static bool? IsHttp(ReadOnlySequence<byte> start)
    {
        Span<byte> text = stackalloc byte[(int)Math.Min(start.Length, LongestMethod)];
        start.Slice(0, text.Length).CopyTo(text);
        bool mayBecome = false;
        foreach (byte[] method in HttpMethods)
        {
            if (text.StartsWith(method)) return true;
            mayBecome |= method.AsSpan().StartsWith(text);
        }

        return mayBecome ? null : false;
    }

    /// <summary>Waits until the question can be answered. Whoever reads next finds every byte.</summary>
    /// <returns>Null when the connection ended before.</returns>
    /// <exception cref="OperationCanceledException">Patience ended before.</exception>
    public static async ValueTask<bool?> AskAsync(PipeReader input, Func<ReadOnlySequence<byte>, bool?> question, CancellationToken patience)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(patience);
            bool? answer = question(result.Buffer);
            bool isOver = answer is not null || result.IsCompleted || result.IsCanceled;
            input.AdvanceTo(result.Buffer.Start, isOver ? result.Buffer.Start : result.Buffer.End);
            if (isOver) return answer;
        }
    }
}
