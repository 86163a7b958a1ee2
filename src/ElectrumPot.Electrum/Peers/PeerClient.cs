// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Peers;

/// <summary>A peer does what no good server does; the message says what, for the log.</summary>
internal sealed class PeerDeviationException(string message) : Exception(message);

/// <summary>
/// Speaks the Electrum protocol as a client. For one conversation: requests may be under way together, notifications
/// are passed over, and what is read is bounded whatever the peer sends.
/// </summary>
internal sealed class PeerClient : IAsyncDisposable
{
    private const int RepliesPerConversation = 4;

    private readonly Dictionary<int, TaskCompletionSource<JsonElement>> _waiting = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly int _maxReplyBytes;
    private readonly Task _reading;
    private Exception? _failure;
    private int _lastId;

    /// <param name="stream">Stays the caller's to dispose.</param>
    public PeerClient(Stream stream, int maxReplyBytes)
    {
        _maxReplyBytes = maxReplyBytes;
        _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        _output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        _reading = ReadAsync();
    }

    /// <summary>Prepares a request; it goes out with <see cref="FlushAsync"/>.</summary>
    /// <param name="args">A JSON array.</param>
    /// <returns>
    /// The result. Fails with a <see cref="PeerDeviationException"/> on an error reply or nonsense, and with an
    /// <see cref="IOException"/> when the connection ends.
    /// </returns>
    public Task<JsonElement> Ask(string method, string args)
    {
        var waiting = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        int id;
        lock (_gate)
        {
            if (_failure is not null) return Task.FromException<JsonElement>(_failure);
            id = ++_lastId;
            _waiting[id] = waiting;
        }

        Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{args}}}""" + "\n", _output);
        return waiting.Task;
    }

    public async Task FlushAsync(CancellationToken cancellation) => await _output.FlushAsync(cancellation);

    public async Task<JsonElement> CallAsync(string method, string args, CancellationToken cancellation)
    {
        Task<JsonElement> reply = Ask(method, args);
        await FlushAsync(cancellation);
        return await reply.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        // With a reason, so that what was not sent is dropped.
        await _output.CompleteAsync(new OperationCanceledException());
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        Exception end = new IOException("the peer closed the connection");
        try
        {
            var framer = new LineFramer(_maxReplyBytes);
            long allowed = (long)RepliesPerConversation * _maxReplyBytes;
            while (true)
            {
                ReadResult result = await _input.ReadAsync(_end.Token);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
                {
                    allowed -= line.Length + 1;
                    Handle(line);
                }

                if (framer.IsTooLong || allowed < 0) throw new PeerDeviationException("sends too much");
                _input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception failure) when (failure is IOException or PeerDeviationException or OperationCanceledException or ObjectDisposedException)
        {
            end = failure;
        }

        await _input.CompleteAsync();
        Fail(end);
    }

    private void Fail(Exception failure)
    {
        TaskCompletionSource<JsonElement>[] waiting;
        lock (_gate)
        {
            _failure = failure;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (TaskCompletionSource<JsonElement> one in waiting) Fail(one, failure);
    }

    private static void Fail(TaskCompletionSource<JsonElement> waiting, Exception failure)
    {
        waiting.TrySetException(failure);
        // Whoever asked may have given up before; that is no unobserved failure.
        _ = waiting.Task.Exception;
    }

    private void Handle(ReadOnlySequence<byte> line)
    {
        JsonElement message;
        try
        {
            var reader = new Utf8JsonReader(line);
            message = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw new PeerDeviationException("sends what is no JSON");
        }

        // Anything else is a notification, or no answer to us.
        if (!PeerJson.TryGetMember(message, "id", out JsonElement number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int id)) return;
        TaskCompletionSource<JsonElement>? waiting;
        lock (_gate)
        {
            if (!_waiting.Remove(id, out waiting)) return;
        }

        if (PeerJson.TryGetMember(message, "error", out JsonElement error) && error.ValueKind != JsonValueKind.Null)
            Fail(waiting, new PeerDeviationException($"answers with an error: {Describe(error)}"));
        else if (PeerJson.TryGetMember(message, "result", out JsonElement result))
            waiting.TrySetResult(result);
        else
            Fail(waiting, new PeerDeviationException("sends a reply without a result"));
    }

    private static string Describe(JsonElement error) =>
        PeerJson.TryGetMember(error, "message", out JsonElement message) && PeerJson.TryGetText(message, out string? text) ? PeerJson.Clean(text)
        : PeerJson.TryGetText(error, out text) ? PeerJson.Clean(text) : "without a text";
}
