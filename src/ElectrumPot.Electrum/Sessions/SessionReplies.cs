// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>How replies of one session go out: each with what it brings about, those that had to wait when they are there.</summary>
internal sealed class SessionReplies(Session session, Dispatcher dispatcher, CancellationToken shutdown)
{
    private readonly OutstandingRequests _outstanding = new(session.Server.Options.Limits.MaxOutstanding);

    /// <summary>So many requests wait for the daemon that no more are to be handled.</summary>
    public bool IsFull => _outstanding.IsFull;

    public Task WaitForRoomAsync() => _outstanding.WaitForRoomAsync(shutdown);

    /// <summary>Lets replies under way go out: a wallet may have said its last word and still be listening.</summary>
    public async Task DrainAsync()
    {
        session.Lease.Release();
        SessionLimits limits = session.Server.Options.Limits;
        try
        {
            await _outstanding.WaitUntilNoneAsync(CancellationToken.None)
                .WaitAsync(shutdown.IsCancellationRequested ? limits.Drain : limits.Daemon, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // Whoever did not answer by now will not be heard.
        }

        await session.Output.FlushAsync();
    }

    /// <summary>Answers when the daemon has; meanwhile the session goes on.</summary>
    /// <param name="batch">Null for a request of its own.</param>
    public async Task DeferAsync(DispatchResult request, BatchReply? batch, List<IReplyEffect> effects)
    {
        _outstanding.Begin();
        // The reader goes on with the next request at once, even where the work begins without waiting.
        await Task.Yield();
        try
        {
            await ReplyLaterAsync(request, batch, effects);
            await session.Output.FlushAsync();
        }
        catch (Exception failure)
        {
            // Nobody awaits this task; what went wrong must not go unseen.
            dispatcher.Report(session, failure);
        }

        _outstanding.End();
    }

    /// <summary>One member less to wait for; the last one sends the batch.</summary>
    public void CloseMember(BatchReply batch)
    {
        if (!batch.Close()) return;
        TryAppend(batch.Written, batch.Effects);
        batch.Dispose();
    }

    /// <returns>False when something was announced meanwhile that contradicts the reply; only if that was asked.</returns>
    public bool Commit(ReplyWriter reply, List<IReplyEffect> effects, bool onlyIfCurrent = false)
    {
        if (reply.Length > 0)
        {
            reply.Limit = int.MaxValue;
            reply.Raw((byte)'\n');
        }

        return TryAppend(reply.Written, effects, onlyIfCurrent);
    }

    /// <summary>What the request just handled has made, for a reply that comes later.</summary>
    public List<IReplyEffect> TakeEffects()
    {
        List<IReplyEffect> taken = [.. session.Effects];
        session.Effects.Clear();
        return taken;
    }

    /// <summary>An error that answers no request in particular.</summary>
    public void Say(RpcError error)
    {
        using ReplyWriter reply = ReplyWriter.Rent(int.MaxValue);
        reply.Error([], error);
        Commit(reply, []);
    }

    private async Task ReplyLaterAsync(DispatchResult request, BatchReply? batch, List<IReplyEffect> effects)
    {
        using ReplyWriter reply = ReplyWriter.Rent(session.MaxReplyBytes);
        await dispatcher.RunDeferredAsync(session, request, reply, shutdown);
        if (batch is null)
        {
            Commit(reply, effects);
            return;
        }

        batch.AddLate(reply.Written, request.Id!);
        CloseMember(batch);
    }

    /// <summary>The reply first; only then may what it subscribed to speak.</summary>
    private bool TryAppend(ReadOnlySpan<byte> line, List<IReplyEffect> effects, bool onlyIfCurrent = false)
    {
        lock (session.Output.Gate)
        {
            if (onlyIfCurrent && effects.Exists(effect => !effect.IsCurrent)) return false;
            if (!line.IsEmpty)
            {
                session.Meter.AddBytes(line.Length);
                session.Output.Append(line);
            }

            foreach (IReplyEffect effect in effects)
                effect.Activate();
        }

        foreach (IReplyEffect effect in effects)
            effect.CatchUp();
        effects.Clear();
        return true;
    }
}
