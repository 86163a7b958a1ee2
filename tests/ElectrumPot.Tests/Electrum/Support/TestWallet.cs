// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>The other end of a session: sends lines, reads lines.</summary>
internal sealed class TestWallet(PipeReader input, PipeWriter output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private int _nextId = 1000;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await output.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException)
        {
            // The server has closed the connection: that shows in what is read, not in what is sent.
        }
    }

    public Task SendLineAsync(string json) => SendAsync(json + "\n");

    /// <summary>The next line; null when the connection has ended.</summary>
    public async Task<string?> ReadLineAsync() => await ReadBytesAsync() is { } line ? Encoding.UTF8.GetString(line) : null;

    /// <summary>The next line as it came; null when the connection has ended.</summary>
    public async Task<byte[]?> ReadBytesAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (true)
        {
            ReadResult result = await input.ReadAsync(deadline.Token);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                byte[] line = result.Buffer.Slice(0, end).ToArray();
                input.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted) return null;
        }
    }

    /// <summary>Takes a single byte.</summary>
    public Task<int> ReadByteAsync() => ReadSomeAsync(1);

    /// <summary>Takes what is there, but no more than so many bytes.</summary>
    public async Task<int> ReadSomeAsync(int maxBytes)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        ReadResult result = await input.ReadAsync(deadline.Token);
        int taken = (int)Math.Min(maxBytes, result.Buffer.Length);
        input.AdvanceTo(result.Buffer.GetPosition(taken));
        return taken;
    }

    public async Task<JsonElement> ReadAsync() =>
        JsonElement.Parse(await ReadLineAsync() ?? throw new EndOfStreamException("The server closed the connection."));

    /// <summary>Sends one line and reads one.</summary>
    public async Task<string?> ExchangeAsync(string json)
    {
        await SendLineAsync(json);
        return await ReadLineAsync();
    }

    /// <summary>Sends a request and reads its reply, which has to come next.</summary>
    public async Task<JsonElement> CallAsync(string method, string args = "[]")
    {
        int id = _nextId++;
        await SendLineAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{args}}}""");
        JsonElement reply = await ReadAsync();
        if (reply.TryGetProperty("id", out JsonElement echoed) && echoed.ValueKind == JsonValueKind.Number && echoed.GetInt32() == id) return reply;
        throw new InvalidDataException($"Not the reply to {method}: {reply}");
    }

    /// <summary>The JSON text of the result.</summary>
    public async Task<string> ResultAsync(string method, string args = "[]")
    {
        JsonElement reply = await CallAsync(method, args);
        return reply.TryGetProperty("result", out JsonElement result) ? result.GetRawText() : throw new InvalidDataException($"An error: {reply}");
    }

    /// <summary>Code and message of the error.</summary>
    public async Task<(int Code, string Message)> ErrorAsync(string method, string args = "[]")
    {
        JsonElement reply = await CallAsync(method, args);
        if (reply.TryGetProperty("result", out _)) throw new InvalidDataException($"No error: {reply}");
        JsonElement error = reply.GetProperty("error");
        return (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    public async Task NegotiateAsync(string version) => await ResultAsync("server.version", $"""["test","{version}"]""");

    /// <summary>Says no more, but still listens.</summary>
    public ValueTask HangUpAsync() => output.CompleteAsync();

    /// <summary>Whether the server has nothing more to say: what a ping finds in its way.</summary>
    public async Task ExpectSilenceAsync()
    {
        if (await ResultAsync("server.ping") is not ("null" or """{"data":""}""")) throw new InvalidDataException("No ping.");
    }
}
