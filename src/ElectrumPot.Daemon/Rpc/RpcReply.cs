// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// The answers of one batch where they stand in the pooled buffer they were received into: nothing is copied until a
/// caller decodes a result. Dispose it to give the buffer back; nothing read from it may outlive that.
/// </summary>
internal sealed class RpcReply : IDisposable
{
    private readonly IReadOnlyList<string> _methods;
    private readonly RpcAnswer[] _answers;
    private byte[]? _buffer;

    private RpcReply(byte[] buffer, int length, IReadOnlyList<string> methods, RpcAnswer[] answers)
    {
        _buffer = buffer;
        Length = length;
        _methods = methods;
        _answers = answers;
    }

    /// <summary>Takes over <paramref name="buffer"/>, rented from the shared pool; it is returned there even on failure.</summary>
    /// <exception cref="MalformedReplyException">Not the answers to <paramref name="methods"/>.</exception>
    public static RpcReply Parse(byte[] buffer, int length, IReadOnlyList<string> methods)
    {
        try
        {
            return new RpcReply(buffer, length, methods, RpcReplyReader.Read(buffer.AsSpan(0, length), methods.Count));
        }
        catch (Exception error)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (error is JsonException)
                throw new MalformedReplyException($"the daemon's reply to {methods[0]} is not JSON: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Bytes of the whole reply.</summary>
    public int Length { get; }

    public int Count => _answers.Length;

    public RpcError? ErrorOf(int index) => _answers[index].Error;

    public string MethodOf(int index) => _methods[index];

    /// <summary>First error of this code, null if none.</summary>
    public RpcError? FindError(int code)
    {
        foreach (RpcAnswer answer in _answers)
        {
            if (answer.Error is { } error && error.Code == code)
                return error;
        }

        return null;
    }

    /// <exception cref="DaemonErrorException">The call at this place failed.</exception>
    public void ThrowIfError(int index)
    {
        if (_answers[index].Error is { } error)
            throw new DaemonErrorException(_methods[index], error.Code, error.Message);
    }

    /// <summary>The result as it stands in the reply; of a string what is between the quotes.</summary>
    /// <exception cref="DaemonErrorException">The call at this place failed.</exception>
    public ReadOnlySpan<byte> Result(int index, JsonTokenType expected)
    {
        ThrowIfError(index);
        RpcAnswer answer = _answers[index];
        if (answer.Type != expected)
            throw Malformed(index, $"is {answer.Type}, expected {expected}");
        return Buffer.AsSpan(answer.Start, answer.Length);
    }

    public Hash256 Hash(int index) =>
        Hash256.TryParse(Result(index, JsonTokenType.String), out Hash256 hash) ? hash : throw Malformed(index, "is no hash");

    public int Int32(int index)
    {
        var reader = new Utf8JsonReader(Result(index, JsonTokenType.Number));
        return reader.Read() && reader.TryGetInt32(out int value) ? value : throw Malformed(index, "is no whole number of 32 bits");
    }

    /// <summary>Hexadecimal text, decoded into an array of its exact size.</summary>
    public byte[] Bytes(int index)
    {
        ReadOnlySpan<byte> hex = Result(index, JsonTokenType.String);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(hex.Length / 2);
        return Hex.TryDecode(hex, bytes) ? bytes : throw Malformed(index, "is not hexadecimal");
    }

    public List<Hash256> Hashes(int index)
    {
        ReadOnlySpan<byte> json = Result(index, JsonTokenType.StartArray);
        var hashes = new List<Hash256>(json.Length / (Hash256.HexLength + 3));
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (!Hash256.TryParse(reader.ValueSpan, out Hash256 hash))
                throw Malformed(index, "holds something that is no hash");
            hashes.Add(hash);
        }

        return reader.TokenType == JsonTokenType.EndArray ? hashes : throw Malformed(index, $"holds {reader.TokenType} among hashes");
    }

    /// <summary>An object of the daemon's own making, independent of this reply. Of a doubled key the last one stays.</summary>
    public JsonElement Object(int index) => DoubledKeys.Remove(Result(index, JsonTokenType.StartObject));

    /// <summary>Any value but a string, independent of this reply.</summary>
    public JsonElement Value(int index)
    {
        var reader = new Utf8JsonReader(Result(index, _answers[index].Type));
        return JsonElement.ParseValue(ref reader);
    }

    public MalformedReplyException Malformed(int index, string what)
    {
        RpcAnswer answer = _answers[index];
        string excerpt = Encoding.ASCII.GetString(Buffer.AsSpan(answer.Start, Math.Min(answer.Length, 80)));
        return new MalformedReplyException($"the daemon's result of {_methods[index]} {what}: {excerpt}");
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(RpcReply));
}
