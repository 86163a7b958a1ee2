// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// A request body. Every call goes out as a batch, if need be of one: inside a batch an error keeps HTTP 200 and the
/// socket, while a failing single call makes the daemon close it (potcoind <c>bitcoinrpc.cpp</c>, ErrorReply).
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer over a buffer holds nothing but the buffer.")]
internal sealed class RpcBatch
{
    // Method, punctuation and a hash; a body grows where that is too little.
    private const int TypicalCallSize = 128;

    private readonly ArrayBufferWriter<byte> _body;
    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _methods;

    public RpcBatch(int expectedCalls = 1)
    {
        _body = new ArrayBufferWriter<byte>((expectedCalls * TypicalCallSize) + 16);
        _writer = new Utf8JsonWriter(_body, new JsonWriterOptions { SkipValidation = true });
        _methods = new List<string>(expectedCalls);
        _writer.WriteStartArray();
    }

    /// <summary>Method of each call; the index is the id and the place of the answer.</summary>
    public IReadOnlyList<string> Methods => _methods;

    public int Count => _methods.Count;

    public static RpcBatch Of(string method)
    {
        var batch = new RpcBatch();
        batch.Add(method);
        return batch;
    }

    public void Add(string method)
    {
        Begin(method);
        End();
    }

    public void Add(string method, int parameter)
    {
        Begin(method);
        _writer.WriteNumberValue(parameter);
        End();
    }

    public void Add(string method, int first, string second)
    {
        Begin(method);
        _writer.WriteNumberValue(first);
        _writer.WriteStringValue(second);
        End();
    }

    public void Add(string method, IEnumerable<string> list)
    {
        Begin(method);
        _writer.WriteStartArray();
        foreach (string text in list)
            _writer.WriteStringValue(text);
        _writer.WriteEndArray();
        End();
    }

    public void Add(string method, string parameter)
    {
        Begin(method);
        _writer.WriteStringValue(parameter);
        End();
    }

    public void Add(string method, Hash256 hash)
    {
        Begin(method);
        WriteHash(hash);
        End();
    }

    public void Add(string method, Hash256 hash, bool flag)
    {
        Begin(method);
        WriteHash(hash);
        _writer.WriteBooleanValue(flag);
        End();
    }

    public void Add(string method, Hash256 hash, int flag)
    {
        Begin(method);
        WriteHash(hash);
        _writer.WriteNumberValue(flag);
        End();
    }

    /// <summary>Ends the batch; nothing can be added afterwards, and the body can be sent any number of times.</summary>
    public ReadOnlyMemory<byte> ToBody()
    {
        if (_writer.CurrentDepth > 0)
        {
            _writer.WriteEndArray();
            _writer.Flush();
        }

        return _body.WrittenMemory;
    }

    private void Begin(string method)
    {
        _writer.WriteStartObject();
        _writer.WriteNumber("id"u8, _methods.Count);
        _writer.WriteString("method"u8, method);
        _writer.WriteStartArray("params"u8);
        _methods.Add(method);
    }

    private void End()
    {
        _writer.WriteEndArray();
        _writer.WriteEndObject();
    }

    private void WriteHash(Hash256 hash)
    {
        Span<byte> hex = stackalloc byte[Hash256.HexLength];
        hash.FormatHex(hex);
        _writer.WriteStringValue(hex);
    }
}
