// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Electrum.Wire;

/// <summary>
/// Writes replies and notifications as UTF-8 JSON into one growing pooled buffer. What is written can be taken back to
/// a mark, so that an error found half way never leaves half a reply.
/// </summary>
/// <remarks>
/// Beyond <see cref="Limit"/> nothing is written any more and <see cref="Overflowed"/> is set: a query of any size
/// costs no more memory than a reply may have.
/// </remarks>
public sealed class ReplyWriter : IBufferWriter<byte>, IDisposable
{
    private const int SmallestBuffer = 1024;

    /// <summary>A buffer above this goes back to the pool between bursts.</summary>
    private const int KeptBuffer = 64 * 1024;

    private const int MaxIntegerLength = 20;
    private const int MaxEscapedLength = 6;
    private const int EscapedPiece = 512;

    [ThreadStatic]
    private static ReplyWriter? _cached;

    private byte[] _buffer = [];

    private ReplyWriter()
    {
    }

    /// <summary>Bytes that may be written in all.</summary>
    public int Limit { get; set; } = int.MaxValue;

    public bool Overflowed { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>An empty writer; dispose it to give it back.</summary>
    public static ReplyWriter Rent(int limit)
    {
        ReplyWriter writer = _cached ?? new ReplyWriter();
        _cached = null;
        writer.Limit = limit;
        return writer;
    }

    public void Dispose()
    {
        Truncate(0);
        if (_cached is null && _buffer.Length <= KeptBuffer)
        {
            _cached = this;
            return;
        }

        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Takes back everything written after the mark.</summary>
    public void Truncate(int mark)
    {
        Length = mark;
        Overflowed = false;
    }

    public void Raw(ReadOnlySpan<byte> json)
    {
        if (!TryReserve(json.Length)) return;
        json.CopyTo(_buffer.AsSpan(Length));
        Length += json.Length;
    }

    public void Raw(byte json)
    {
        if (!TryReserve(1)) return;
        _buffer[Length++] = json;
    }

    public void Integer(long value)
    {
        if (!TryReserve(MaxIntegerLength)) return;
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>64 digits in display order, in quotes.</summary>
    public void Hash(in Hash256 hash)
    {
        if (!TryReserve(Hash256.HexLength + 2)) return;
        Span<byte> target = _buffer.AsSpan(Length);
        target[0] = (byte)'"';
        hash.FormatHex(target[1..]);
        target[Hash256.HexLength + 1] = (byte)'"';
        Length += Hash256.HexLength + 2;
    }

    public void Hashes(ReadOnlySpan<Hash256> hashes)
    {
        Raw((byte)'[');
        for (int i = 0; i < hashes.Length; i++)
        {
            if (i > 0) Raw((byte)',');
            Hash(in hashes[i]);
        }

        Raw((byte)']');
    }

    /// <summary>The digits of the bytes in their order, in quotes.</summary>
    public void HexString(ReadOnlySpan<byte> bytes)
    {
        Raw((byte)'"');
        HexDigits(bytes);
        Raw((byte)'"');
    }

    /// <summary>The digits without quotes, for strings made of several pieces.</summary>
    public void HexDigits(ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(bytes.Length * 2)) return;
        Hex.Encode(bytes, _buffer.AsSpan(Length));
        Length += bytes.Length * 2;
    }

    /// <summary>64 digits in natural byte order, in quotes, or null: the form of a status.</summary>
    public void Status(Hash256? status)
    {
        if (status is { } hash) HexString(hash.Bytes);
        else Null();
    }

    public void Null() => Raw("null"u8);

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>An amount of the smallest unit as a number of whole coins, exactly: 100000 is <c>0.001</c>.</summary>
    public void Coins(long amount)
    {
        const long Coin = 100_000_000;
        if (!TryReserve(MaxIntegerLength + 10)) return;
        if (amount < 0) Raw((byte)'-');
        ulong magnitude = (ulong)Math.Abs(amount);
        Integer((long)(magnitude / Coin));
        ulong rest = magnitude % Coin;
        if (rest == 0) return;
        Raw((byte)'.');
        for (ulong unit = Coin / 10; rest > 0; unit /= 10)
        {
            Raw((byte)('0' + (rest / unit)));
            rest %= unit;
        }
    }

    /// <summary>A number with at most three decimals.</summary>
    public void Number(double value)
    {
        if (!TryReserve(32)) return;
        Math.Round(value, 3).TryFormat(_buffer.AsSpan(Length), out int written);
        Length += written;
    }

    public void String(string text)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        String(utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
        ArrayPool<byte>.Shared.Return(utf8);
    }

    /// <summary>Escapes what JSON wants escaped; the rest stays readable.</summary>
    public void String(ReadOnlySpan<byte> utf8)
    {
        Raw((byte)'"');
        while (!utf8.IsEmpty)
        {
            int piece = Math.Min(utf8.Length, EscapedPiece);
            if (!TryReserve(piece * MaxEscapedLength)) return;
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(
                utf8[..piece], _buffer.AsSpan(Length), out int consumed, out int written, isFinalBlock: piece == utf8.Length);
            Length += written;
            utf8 = utf8[consumed..];
        }

        Raw((byte)'"');
    }

    /// <param name="id">As it came, any JSON value; empty for null.</param>
    public void BeginResult(ReadOnlySpan<byte> id)
    {
        Raw("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        Raw(id);
        Raw(",\"result\":"u8);
    }

    public void End() => Raw((byte)'}');

    /// <summary>A whole error reply. Written whatever the limit says: it is what is left to say.</summary>
    public void Error(ReadOnlySpan<byte> id, RpcError error)
    {
        Limit = int.MaxValue;
        Raw("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        Raw(id.IsEmpty ? "null"u8 : id);
        Raw(",\"error\":{\"code\":"u8);
        Integer(error.Code);
        Raw(",\"message\":"u8);
        String(error.Message);
        Raw("}}"u8);
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        if (!Overflowed) Length += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        int size = Math.Max(sizeHint, SmallestBuffer / 4);
        return TryReserve(size) ? _buffer.AsMemory(Length) : new byte[size];
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    private bool TryReserve(int size)
    {
        if (Overflowed || size > Limit - Length)
        {
            Overflowed = true;
            return false;
        }

        if (size > _buffer.Length - Length) Grow(Length + size);
        return true;
    }

    private void Grow(int needed)
    {
        byte[] bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, SmallestBuffer), _buffer.Length * 2));
        Written.CopyTo(bigger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = bigger;
    }
}
