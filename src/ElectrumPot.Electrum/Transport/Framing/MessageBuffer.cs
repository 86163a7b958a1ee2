// SPDX-License-Identifier: MIT

using System.Buffers;

namespace ElectrumPot.Electrum.Transport.Framing;

/// <summary>
/// Gathers one message of bounded size. Memory grows with what has arrived, never with what was announced, and goes
/// back to the pool between messages.
/// </summary>
internal sealed class MessageBuffer(int maxBytes)
{
    private const int FirstSize = 4096;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>More has arrived than is allowed.</summary>
    public bool IsTooLong => _length > maxBytes;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Room for more, never empty. For a message that is not too long.</summary>
    public Memory<byte> GetMemory()
    {
        // One byte above the bound shows that there was more.
        if (_length == _bytes.Length) Grow(Math.Min(Math.Max(FirstSize, _length * 2L), maxBytes + 1L));
        return _bytes.AsMemory(_length);
    }

    public void Advance(int count) => _length += count;

    /// <summary>For a message that is not too long, whatever is added.</summary>
    public void Add(ReadOnlySpan<byte> more)
    {
        while (!more.IsEmpty && !IsTooLong)
        {
            Span<byte> room = GetMemory().Span;
            int taken = Math.Min(room.Length, more.Length);
            more[..taken].CopyTo(room);
            Advance(taken);
            more = more[taken..];
        }
    }

    /// <summary>Forgets the message.</summary>
    public void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Grow(long size)
    {
        byte[] bigger = ArrayPool<byte>.Shared.Rent((int)size);
        Written.Span.CopyTo(bigger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bigger;
    }
}
