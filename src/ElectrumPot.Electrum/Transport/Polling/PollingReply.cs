// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Electrum.Wire;
using Microsoft.AspNetCore.Http;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>The body of an answer: empty, one object, or an array of several.</summary>
internal sealed class PollingReply : IDisposable
{
    private readonly ReplyWriter _array = ReplyWriter.Rent(int.MaxValue);
    private int _count;

    public PollingReply() => _array.Raw((byte)'[');

    /// <param name="lines">Each with an LF behind it.</param>
    public void Add(ReadOnlySequence<byte> lines)
    {
        var reader = new SequenceReader<byte>(lines);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            foreach (ReadOnlyMemory<byte> piece in line)
                _array.Raw(piece.Span);
            _array.Raw((byte)',');
            _count++;
        }
    }

    /// <param name="id">Empty when there is none.</param>
    public void Add(RpcError error, ReadOnlySpan<byte> id)
    {
        _array.Error(id, error);
        _array.Raw((byte)',');
        _count++;
    }

    public async Task WriteAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.ContentLength = Finish(response.BodyWriter);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    public void Dispose() => _array.Dispose();

    private int Finish(IBufferWriter<byte> body)
    {
        _array.Truncate(_array.Length - 1);
        if (_count > 1) _array.Raw((byte)']');
        ReadOnlySpan<byte> text = _count switch
        {
            0 => [],
            1 => _array.Written[1..],
            _ => _array.Written,
        };
        body.Write(text);
        return text.Length;
    }
}
