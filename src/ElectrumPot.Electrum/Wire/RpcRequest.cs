// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Unicode;

namespace ElectrumPot.Electrum.Wire;

/// <summary>
/// One request where it stands in its buffer. Lenient as the protocol's table "Requests that must be accepted" asks:
/// <c>jsonrpc</c> may be anything or absent, unknown members are ignored, of doubled members the last counts.
/// </summary>
public ref struct RpcRequest
{
    /// <summary>Deeper nesting is a syntax error.</summary>
    public const int MaxDepth = 32;

    /// <summary>A longer method name exists nowhere.</summary>
    public const int MaxMethodLength = 128;

    /// <summary>The id exactly as it came, of any JSON type; empty when absent or null, which asks for no reply.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>Unescaped UTF-8.</summary>
    public ReadOnlySpan<byte> Method;

    /// <summary>The JSON text of the arguments, an array or an object; empty when absent or null.</summary>
    public ReadOnlySpan<byte> Params;

    /// <summary>Whether the request says that it follows JSON-RPC 2.0, so that its reply has to.</summary>
    public bool SaysVersion2;

    private bool _paramsAreUnstructured;

    internal static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>Reads one JSON text.</summary>
    /// <param name="json">Any bytes at all.</param>
    /// <param name="scratch">At least <see cref="MaxMethodLength"/> bytes, for method names with escapes.</param>
    /// <param name="request">Its id is filled even when an error is returned, as far as it could be read.</param>
    public static RpcError? Read(ReadOnlySpan<byte> json, Span<byte> scratch, out RpcRequest request)
    {
        request = default;
        if (!Utf8.IsValid(json)) return RpcError.NotUtf8;
        try
        {
            return request.ReadMembers(json, scratch);
        }
        catch (Exception failure) when (IsSyntaxError(failure))
        {
            request = default;
            return RpcError.NotJson;
        }
    }

    /// <summary>The reader calls half a surrogate pair an invalid operation.</summary>
    internal static bool IsSyntaxError(Exception failure) => failure is JsonException or InvalidOperationException;

    private RpcError? ReadMembers(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            return RpcError.NotAnObject;
        }

        bool hasMethod = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8)) Id = ReadValue(ref reader, json);
            else if (reader.ValueTextEquals("method"u8)) hasMethod = TryReadMethod(ref reader, scratch);
            else if (reader.ValueTextEquals("params"u8)) ReadParams(ref reader, json);
            else if (reader.ValueTextEquals("jsonrpc"u8)) ReadMarker(ref reader);
            else reader.Skip();
        }

        // What follows the object is a syntax error that only another read finds.
        reader.Read();
        if (!hasMethod) return RpcError.NoMethod;
        return _paramsAreUnstructured ? RpcError.InvalidParams("params must be an array or an object") : null;
    }

    private bool TryReadMethod(ref Utf8JsonReader reader, Span<byte> scratch)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return false;
        }

        Method = reader.ValueSpan;
        if (reader.ValueIsEscaped)
            Method = Method.Length <= MaxMethodLength ? scratch[..reader.CopyString(scratch)] : [];
        return true;
    }

    private void ReadMarker(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        // The bytes as they stand: whatever nonsense is written here, the request is answered.
        SaysVersion2 = reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual("2.0"u8);
        reader.Skip();
    }

    private void ReadParams(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        Params = ReadValue(ref reader, json);
        _paramsAreUnstructured = !Params.IsEmpty && Params[0] is not ((byte)'[' or (byte)'{');
    }

    /// <summary>The text of the next value; empty for null.</summary>
    private static ReadOnlySpan<byte> ReadValue(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        bool isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        return isNull ? [] : json[start..(int)reader.BytesConsumed];
    }
}
