// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Answers the messages of one session in their order, whatever transport they came by. Requests that wait for the
/// daemon step aside, so that later ones are not held up; with too many of them under way the next message waits.
/// </summary>
/// <remarks>For one caller at a time: a message is handed in when the one before it is done.</remarks>
internal sealed class RequestHandler(Session session, Dispatcher dispatcher, CancellationToken shutdown)
{
    /// <summary>Unsent replies at which handling waits for the transport instead of answering more.</summary>
    private const int FlushBytes = 64 * 1024;

    private const int KiloByte = 1_000;

    /// <summary>How often a request is answered anew before the reply goes out with the newer status repeated after it.</summary>
    private const int MaxAttempts = 3;

    /// <summary>What a session may take in one go before others get their turn: about a millisecond.</summary>
    private const long TurnPoints = 50 * RequestCost.PointsPerRequest;

    private readonly SessionReplies _replies = new(session, dispatcher, shutdown);
    private long _turn;
    private bool _closing;

    public Session Session => session;

    public SessionLimits Limits { get; } = session.Server.Options.Limits;

    /// <summary>The server stops.</summary>
    public CancellationToken Shutdown => shutdown;

    /// <summary>No more messages are wanted: the session ends when what was answered has gone out.</summary>
    public bool IsClosing => _closing || IsGone;

    /// <summary>Why the session ended, for the log.</summary>
    public string Reason { get; private set; } = "closed-by-wallet";

    /// <param name="message">One request or batch, any bytes at all, without the transport's framing. Needed until the task is done.</param>
    public async ValueTask HandleAsync(ReadOnlySequence<byte> message)
    {
        session.MarkComplete();
        if (_replies.IsFull) await WaitForRoomAsync();
        session.Meter.AddBytes(message.Length);
        ValueTask handling = HandleNow(message);
        if (!handling.IsCompletedSuccessfully) await handling;
        if (!TrySettle(out Settlement settlement)) await PayAsync(settlement);
        if (session.Output.Unflushed >= FlushBytes) await FlushAsync();
    }

    /// <summary>Sends what was answered and lets go of the state it was answered from; before waiting for more messages.</summary>
    public async ValueTask FlushAsync()
    {
        session.Lease.Release();
        await session.Output.FlushAsync();
    }

    /// <summary>Answers what cannot be read as a message at all, and closes.</summary>
    public void Refuse(RpcError error, string reason)
    {
        _replies.Say(error);
        Close(reason);
    }

    /// <summary>A part of a message has come: from now on the rest has to come within the time for requests.</summary>
    public void MarkIncomplete() => session.MarkIncomplete();

    /// <summary>Refuses a message that is longer than allowed, and closes.</summary>
    public void RefuseTooLong(long length)
    {
        session.Server.Limits.Exceeded(
            Limit.MaxRequest, session.EndPoint, (length + KiloByte - 1) / KiloByte, Limits.MaxRequestBytes / KiloByte, LimitAction.Closed);
        Refuse(RpcError.RequestTooLarge(Limits.MaxRequestBytes), "request-too-large");
    }

    /// <summary>Ends the session once what was answered has gone out.</summary>
    /// <param name="reason">For the log.</param>
    public void Close(string reason)
    {
        _closing = true;
        Reason = reason;
    }

    /// <inheritdoc cref="SessionReplies.DrainAsync"/>
    public Task DrainAsync() => _replies.DrainAsync();

    /// <summary>Nobody hears an answer any more, which may become so while a request waits for its turn.</summary>
    private bool IsGone => session.Output.IsClosed;

    private ValueTask HandleNow(ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment) return Handle(message.FirstSpan);
        int length = (int)message.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        message.CopyTo(joined);
        ValueTask handling = Handle(joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
        return handling;
    }

    /// <returns>Completed, unless it is a batch that has to wait for slots; the span is not needed any more in any case.</returns>
    private ValueTask Handle(ReadOnlySpan<byte> message)
    {
        message = message.Trim(" \t\r\n"u8);
        if (message.IsEmpty)
        {
            session.Meter.AddRequests(MethodCosts.Default);
            return ValueTask.CompletedTask;
        }

        session.MarkActive();
        if (message[0] == (byte)'[') return HandleBatchAsync(message.ToArray());
        return TryAnswer(message) ? ValueTask.CompletedTask : AnswerLargeReadAsync(message.ToArray());
    }

    private bool TryAnswer(ReadOnlySpan<byte> message)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (TryAnswerOnce(message, isLast: attempt == MaxAttempts, out bool isLargeRead)) return true;
            session.Lease.Release();
            if (isLargeRead) return false;
        }
    }

    /// <summary>Answers again when it is this session's turn to read much. What came behind waits as well.</summary>
    private async ValueTask AnswerLargeReadAsync(byte[] message)
    {
        await BeginLargeReadAsync();
        try
        {
            if (!IsGone) TryAnswer(message);
        }
        finally
        {
            EndLargeRead();
        }
    }

    private async ValueTask BeginLargeReadAsync()
    {
        await FlushAsync();
        await session.Server.LargeReads.EnterAsync(shutdown);
        session.MayReadAll = true;
    }

    private void EndLargeRead()
    {
        session.MayReadAll = false;
        session.Lease.Release();
        session.Server.LargeReads.Leave();
    }

    /// <returns>False when the chain has moved on meanwhile or the request reads much, and it has to be answered anew.</returns>
    private bool TryAnswerOnce(ReadOnlySpan<byte> message, bool isLast, out bool isLargeRead)
    {
        using ReplyWriter reply = ReplyWriter.Rent(session.MaxReplyBytes);
        DispatchResult result = dispatcher.Dispatch(session, message, reply);
        isLargeRead = result.IsLargeRead;
        if (isLargeRead) return false;
        if (result.Close) Close("refused");
        if (result.Deferred is not null)
        {
            _ = _replies.DeferAsync(result, batch: null, _replies.TakeEffects());
            return true;
        }

        if (_replies.Commit(reply, session.Effects, onlyIfCurrent: !isLast)) return true;
        session.Effects.Clear();
        return false;
    }

    private async ValueTask HandleBatchAsync(byte[] message)
    {
        RpcError? error = BatchReader.Read(message, Limits.MaxBatch, out List<Range> members);
        if (error is not null)
        {
            session.Meter.AddRequests(MethodCosts.Default);
            if (error.Code == RpcError.LimitExceededCode)
                session.Server.Limits.Exceeded(Limit.MaxBatch, session.EndPoint, Limits.MaxBatch + 1, Limits.MaxBatch, LimitAction.Refused);
            _replies.Say(error);
            return;
        }

        var batch = new BatchReply(session.MaxReplyBytes);
        foreach (Range member in members)
        {
            if (IsClosing) break;
            if (_replies.IsFull) await WaitForRoomAsync();
            if (!TryDispatchMember(message.AsSpan(member), batch)) await DispatchLargeReadAsync(message, member, batch);
            if (!TrySettle(out Settlement settlement)) await PayAsync(settlement);
        }

        _replies.CloseMember(batch);
    }

    private async ValueTask DispatchLargeReadAsync(byte[] message, Range member, BatchReply batch)
    {
        await BeginLargeReadAsync();
        try
        {
            if (!IsGone) TryDispatchMember(message.AsSpan(member), batch);
        }
        finally
        {
            EndLargeRead();
        }
    }

    /// <returns>False when it reads much and has to come again.</returns>
    private bool TryDispatchMember(ReadOnlySpan<byte> json, BatchReply batch)
    {
        using ReplyWriter reply = ReplyWriter.Rent(batch.Room);
        DispatchResult result = dispatcher.Dispatch(session, json, reply);
        if (result.IsLargeRead) return false;
        batch.Effects.AddRange(session.Effects);
        session.Effects.Clear();
        if (result.Deferred is not null)
        {
            batch.Expect();
            _ = _replies.DeferAsync(result, batch, []);
        }
        else
        {
            batch.Add(reply.Written);
        }

        if (result.Close) Close("refused");
        return true;
    }

    /// <returns>Whether the session may go on at once.</returns>
    private bool TrySettle(out Settlement settlement)
    {
        settlement = session.Meter.Settle();
        _turn += settlement.Points;
        return !settlement.Close && settlement.Pause == TimeSpan.Zero && _turn < TurnPoints;
    }

    /// <summary>Lets the others go first: for a moment, or until what was taken is paid for.</summary>
    private async ValueTask PayAsync(Settlement settlement)
    {
        _turn = 0;
        if (settlement.Close)
        {
            Refuse(RpcError.ExcessiveUse, "excessive-use");
            return;
        }

        await FlushAsync();
        if (settlement.Pause > TimeSpan.Zero) await Task.Delay(settlement.Pause, session.Server.Time, shutdown);
        else await Task.Yield();
    }

    private async ValueTask WaitForRoomAsync()
    {
        await FlushAsync();
        await _replies.WaitForRoomAsync();
    }
}
