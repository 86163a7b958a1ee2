// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>The body of an answer: empty, one object, or an array of several.</summary>
internal sealed class PollingReply : IDisposable
{
    private readonly ReplyWriter _array = ReplyWriter.Rent(int.MaxValue);

    public PollingReply() => _array.Raw((byte)'[');

    /// <summary>Bytes, about.</summary>
    public int Length => _array.Length;

    /// <summary>Objects added so far.</summary>
    public int Count { get; private set; }

    /// <summary>As it goes out, once it is complete.</summary>
    public ReadOnlySpan<byte> Text => Count switch
    {
        0 => [],
        1 => _array.Written[1..],
        _ => _array.Written,
    };

    /// <param name="lines">Each with an LF behind it, but perhaps for the last one.</param>
    /// <returns>Where that one begins: it is left out.</returns>
    public SequencePosition Add(ReadOnlySequence<byte> lines)
    {
        var reader = new SequenceReader<byte>(lines);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            foreach (ReadOnlyMemory<byte> piece in line)
                _array.Raw(piece.Span);
            _array.Raw((byte)',');
            Count++;
        }

        return reader.Position;
    }

    /// <param name="id">Empty when there is none.</param>
    public void Add(RpcError error, ReadOnlySpan<byte> id)
    {
        _array.Error(id, error);
        _array.Raw((byte)',');
        Count++;
    }

    /// <summary>Nothing more is added.</summary>
    public void Complete()
    {
        _array.Truncate(_array.Length - 1);
        if (Count > 1) _array.Raw((byte)']');
    }

    public void Dispose() => _array.Dispose();
}
