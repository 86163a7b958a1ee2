// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ElectrumPot.Simulation;

/// <param name="Status">HTTP status: 200, or by the error 400, 404 or 500.</param>
/// <param name="Body">JSON with its final line feed.</param>
internal readonly record struct RpcReply(int Status, byte[] Body);

/// <summary>From the body of a request to the body of the reply (potcoind <c>bitcoinrpc.cpp</c>, <c>JSONRPCRequest</c>).</summary>
internal sealed class RpcDispatcher(RpcMethods methods)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public bool StopRequested => methods.StopRequested;

    public RpcReply Handle(ReadOnlyMemory<byte> body)
    {
        var reply = new ArrayBufferWriter<byte>();
        int status = 200;
        try
        {
            using var request = JsonDocument.Parse(body);
            JsonElement root = request.RootElement;
            if (root.ValueKind == JsonValueKind.Array)
                HandleBatch(root, reply);
            else if (root.ValueKind == JsonValueKind.Object)
                status = HandleOne(root, reply);
            else
                status = WriteError(reply, new RpcException(RpcException.Parse, "Top-level object parse error"), default);
        }
        catch (JsonException)
        {
            status = WriteError(reply, new RpcException(RpcException.Parse, "Parse error"), default);
        }

        reply.Write("\n"u8);
        return new RpcReply(status, reply.WrittenSpan.ToArray());
    }

    private void HandleBatch(JsonElement batch, ArrayBufferWriter<byte> reply)
    {
        reply.Write("["u8);
        bool isFirst = true;
        foreach (JsonElement item in batch.EnumerateArray())
        {
            if (!isFirst)
                reply.Write(","u8);
            isFirst = false;
            HandleOne(item, reply);
        }

        reply.Write("]"u8);
    }

    private int HandleOne(JsonElement request, ArrayBufferWriter<byte> reply)
    {
        JsonElement id = default;
        try
        {
            if (request.ValueKind != JsonValueKind.Object)
                throw new RpcException(RpcException.InvalidRequest, "Invalid Request object");
            // The id first, so that errors from here on carry it.
            request.TryGetProperty("id", out id);
            if (!request.TryGetProperty("method", out JsonElement method) || method.ValueKind == JsonValueKind.Null)
                throw new RpcException(RpcException.InvalidRequest, "Missing method");
            if (method.ValueKind != JsonValueKind.String)
                throw new RpcException(RpcException.InvalidRequest, "Method must be a string");
            if (request.TryGetProperty("params", out JsonElement parameters) && parameters.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
                throw new RpcException(RpcException.InvalidRequest, "Params must be an array");

            var result = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(result, WriterOptions))
                methods.Invoke(method.GetString()!, parameters, json);
            reply.Write("{\"result\":"u8);
            reply.Write(result.WrittenSpan);
            reply.Write(",\"error\":null,\"id\":"u8);
            WriteId(reply, id);
            reply.Write("}"u8);
            return 200;
        }
        catch (RpcException error)
        {
            return WriteError(reply, error, id);
        }
    }

    private static int WriteError(ArrayBufferWriter<byte> reply, RpcException error, JsonElement id)
    {
        reply.Write("{\"result\":null,\"error\":"u8);
        using (var json = new Utf8JsonWriter(reply, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        reply.Write(",\"id\":"u8);
        WriteId(reply, id);
        reply.Write("}"u8);
        return error.Code switch
        {
            RpcException.InvalidRequest => 400,
            RpcException.MethodNotFound => 404,
            _ => 500,
        };
    }

    private static void WriteId(ArrayBufferWriter<byte> reply, JsonElement id)
    {
        using var json = new Utf8JsonWriter(reply, WriterOptions);
        if (id.ValueKind == JsonValueKind.Undefined)
            json.WriteNullValue();
        else
            id.WriteTo(json);
    }
}
