// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Reads the requests of one session and answers them in order. Requests that wait for the daemon step aside, so that
/// later ones are not held up; with too many of them under way reading pauses.
/// </summary>
internal sealed class SessionRunner(Session session, PipeReader input, Dispatcher dispatcher, CancellationToken shutdown)
{
    /// <summary>Unsent replies at which the loop waits for the transport instead of answering more.</summary>
    private const int FlushBytes = 64 * 1024;

    /// <summary>How often a request is answered anew before the reply goes out with the newer status repeated after it.</summary>
    private const int MaxAttempts = 3;

    private static readonly byte[] Quit = "quit"u8.ToArray();

    private readonly SessionLimits _limits = session.Server.Options.Limits;
    private readonly OutstandingRequests _outstanding = new(session.Server.Options.Limits.MaxOutstanding);
    private LineFramer _framer = new(session.Server.Options.Limits.MaxRequestBytes);
    private bool _closing;

    /// <summary>Why the session ended, for the log.</summary>
    public string Reason { get; private set; } = "closed-by-wallet";

    /// <summary>Until the wallet goes, is sent away, or the server stops.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!_closing)
            {
                ReadResult result = await input.ReadAsync(shutdown);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (!_closing && _framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
                {
                    ValueTask handling = HandleAsync(line);
                    if (!handling.IsCompletedSuccessfully) await handling;
                    if (session.Output.Unflushed >= FlushBytes) await FlushAsync();
                    if (session.Output.IsClosed) _closing = true;
                }

                if (!_closing && _framer.IsTooLong) Refuse(RpcError.RequestTooLarge(_limits.MaxRequestBytes), "request-too-large");
                session.Lease.Release();
                input.AdvanceTo(buffer.Start, buffer.End);
                await FlushAsync();
                if (result.IsCompleted || result.IsCanceled) break;
            }
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            Reason = "server-stops";
        }

        session.Lease.Release();
        await DrainAsync();
    }

    private async ValueTask FlushAsync()
    {
        session.Lease.Release();
        await session.Output.FlushAsync();
    }

    /// <summary>Lets replies under way go out: a wallet may have said its last word and still be listening.</summary>
    private async Task DrainAsync()
    {
        try
        {
            await _outstanding.WaitUntilNoneAsync(CancellationToken.None)
                .WaitAsync(shutdown.IsCancellationRequested ? _limits.Drain : _limits.Daemon, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // Whoever did not answer by now will not be heard.
        }

        await session.Output.FlushAsync();
    }

    private ValueTask HandleAsync(ReadOnlySequence<byte> line)
    {
        if (_outstanding.IsFull) return HandleLaterAsync(line);
        if (line.IsSingleSegment) return Handle(line.FirstSpan);
        int length = (int)line.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        line.CopyTo(joined);
        ValueTask handling = Handle(joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
        return handling;
    }

    private async ValueTask HandleLaterAsync(ReadOnlySequence<byte> line)
    {
        await WaitForRoomAsync();
        await HandleAsync(line);
    }

    /// <returns>Completed, unless it is a batch that has to wait for slots; the span is not needed any more in any case.</returns>
    private ValueTask Handle(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty) return ValueTask.CompletedTask;
        session.MarkActive();
        if (line[0] == (byte)'[') return HandleBatchAsync(line.ToArray());
        if (session.IsLegacy && line.SequenceEqual(Quit))
        {
            _closing = true;
            return ValueTask.CompletedTask;
        }

        for (int attempt = 1; !TryAnswer(line, isLast: attempt == MaxAttempts); attempt++)
            session.Lease.Release();
        return ValueTask.CompletedTask;
    }

    /// <returns>False when the chain has moved on meanwhile and the request has to be answered anew.</returns>
    private bool TryAnswer(ReadOnlySpan<byte> line, bool isLast)
    {
        using ReplyWriter reply = ReplyWriter.Rent(session.MaxReplyBytes);
        DispatchResult result = dispatcher.Dispatch(session, line, reply);
        if (result.Close) CloseAfterReply("refused");
        if (result.Deferred is { } work)
        {
            _ = DeferAsync(result.Id!, work, batch: null, TakeEffects());
            return true;
        }

        if (Commit(reply, session.Effects, onlyIfCurrent: !isLast)) return true;
        session.Effects.Clear();
        return false;
    }

    private async ValueTask HandleBatchAsync(byte[] line)
    {
        RpcError? error = BatchReader.Read(line, _limits.MaxBatch, out List<Range> members);
        if (error is not null)
        {
            Say(error);
            return;
        }

        var batch = new BatchReply(session.MaxReplyBytes);
        foreach (Range member in members)
        {
            if (_outstanding.IsFull) await WaitForRoomAsync();
            DispatchMember(line.AsSpan(member), batch);
        }

        CloseMember(batch);
    }

    private void DispatchMember(ReadOnlySpan<byte> json, BatchReply batch)
    {
        using ReplyWriter reply = ReplyWriter.Rent(batch.Room);
        DispatchResult result = dispatcher.Dispatch(session, json, reply);
        batch.Effects.AddRange(session.Effects);
        session.Effects.Clear();
        if (result.Deferred is { } work)
        {
            batch.Expect();
            _ = DeferAsync(result.Id!, work, batch, []);
        }
        else
        {
            batch.Add(reply.Written);
        }

        if (result.Close) CloseAfterReply("refused");
    }

    private async Task DeferAsync(byte[] id, DeferredWork work, BatchReply? batch, List<IReplyEffect> effects)
    {
        _outstanding.Begin();
        // The reader goes on with the next request at once, even where the work begins without waiting.
        await Task.Yield();
        try
        {
            await ReplyLaterAsync(id, work, batch, effects);
            await session.Output.FlushAsync();
        }
        catch (Exception failure)
        {
            // Nobody awaits this task; what went wrong must not go unseen.
            dispatcher.Report(session, failure);
        }

        _outstanding.End();
    }

    private async Task ReplyLaterAsync(byte[] id, DeferredWork work, BatchReply? batch, List<IReplyEffect> effects)
    {
        using ReplyWriter reply = ReplyWriter.Rent(session.MaxReplyBytes);
        await dispatcher.RunDeferredAsync(session, id, work, reply, shutdown);
        if (batch is null)
        {
            Commit(reply, effects);
            return;
        }

        batch.AddLate(reply.Written, id);
        CloseMember(batch);
    }

    private void CloseMember(BatchReply batch)
    {
        if (!batch.Close()) return;
        TryAppend(batch.Written, batch.Effects);
        batch.Dispose();
    }

    private bool Commit(ReplyWriter reply, List<IReplyEffect> effects, bool onlyIfCurrent = false)
    {
        if (reply.Length > 0)
        {
            reply.Limit = int.MaxValue;
            reply.Raw((byte)'\n');
        }

        return TryAppend(reply.Written, effects, onlyIfCurrent);
    }

    /// <summary>The reply first; only then may what it subscribed to speak.</summary>
    private bool TryAppend(ReadOnlySpan<byte> line, List<IReplyEffect> effects, bool onlyIfCurrent = false)
    {
        lock (session.Output.Gate)
        {
            if (onlyIfCurrent && effects.Exists(effect => !effect.IsCurrent)) return false;
            if (!line.IsEmpty) session.Output.Append(line);
            foreach (IReplyEffect effect in effects)
                effect.Activate();
        }

        foreach (IReplyEffect effect in effects)
            effect.CatchUp();
        effects.Clear();
        return true;
    }

    private List<IReplyEffect> TakeEffects()
    {
        List<IReplyEffect> taken = [.. session.Effects];
        session.Effects.Clear();
        return taken;
    }

    private async ValueTask WaitForRoomAsync()
    {
        await FlushAsync();
        await _outstanding.WaitForRoomAsync(shutdown);
    }

    private void Refuse(RpcError error, string reason)
    {
        Say(error);
        CloseAfterReply(reason);
    }

    private void Say(RpcError error)
    {
        using ReplyWriter reply = ReplyWriter.Rent(int.MaxValue);
        reply.Error([], error);
        Commit(reply, []);
    }

    private void CloseAfterReply(string reason)
    {
        _closing = true;
        Reason = reason;
    }
}
