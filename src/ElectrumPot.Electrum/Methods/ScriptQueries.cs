// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>What is asked about a script, however it is named.</summary>
internal static class ScriptQueries
{
    /// <param name="text">As the wallet wrote it.</param>
    /// <param name="withPin">Whether the list behind the status has to be kept for this wallet.</param>
    public static RpcError? Subscribe(ref RpcCall call, ScriptKey key, scoped ReadOnlySpan<byte> text, bool withPin)
    {
        Session session = call.Session;
        if (session.AddScript(key, text.Length) is not { } subscription) return RpcError.TooManySubscriptions;

        ScriptSet scripts = key.Resolve(call.Snapshot);
        if (!ScriptState.TryRead(call.Snapshot, scripts, session.MaxEntries, withPin, out ScriptState state))
        {
            RpcError error = TooLarge(ref call);
            if (error != RpcError.LargeRead) session.ForgetScript(key);
            return error;
        }

        session.Meter.AddEntries(state.Entries);

        subscription.Register(scripts);
        subscription.Reply(text, state);
        session.Effects.Add(subscription);
        call.Reply.Status(state.Status);
        return null;
    }

    public static RpcError? Unsubscribe(ref RpcCall call, ScriptKey key)
    {
        call.Reply.Boolean(call.Session.ForgetScript(key));
        return null;
    }

    /// <summary>
    /// A wallet that watches the script must never see a list that is not behind the status it was told last: the
    /// pinned list where there is one, or else the newer status goes out ahead of this reply.
    /// </summary>
    /// <param name="range">Which entries are wanted.</param>
    public static RpcError? GetHistory(ref RpcCall call, ScriptKey key, HeightRange range)
    {
        Session session = call.Session;
        bool isWatched = session.TryGetScript(key, out ScriptSubscription? subscription);
        if (isWatched && subscription!.Pinned is { } pinned)
        {
            session.Effects.Add(new PinnedReply(subscription, pinned));
            WriteHistory(call.Reply, pinned, range);
            return null;
        }

        IChainSnapshot snapshot = call.Snapshot;
        if (!snapshot.TryGetHistory(key.Resolve(snapshot), session.MaxEntries, out IReadOnlyList<HistoryEntry>? history))
            return TooLarge(ref call);
        session.Meter.AddEntries(history.Count);
        if (isWatched)
        {
            if (subscription!.Sequence < snapshot.Sequence)
            {
                session.AnnounceTip(snapshot);
                subscription.Announce(ScriptState.Of(snapshot, history));
            }

            session.Effects.Add(new HistoryReply(subscription, snapshot.Sequence, history));
        }

        WriteHistory(call.Reply, history, range);
        return call.Reply.Overflowed ? call.HistoryTooLarge : null;
    }

    public static RpcError? GetMempool(ref RpcCall call, ScriptKey key)
    {
        IChainSnapshot snapshot = call.Snapshot;
        IReadOnlyList<HistoryEntry> entries = snapshot.GetMempoolEntries(key.Resolve(snapshot));
        call.Session.Meter.AddEntries(entries.Count);
        WriteHistory(call.Reply, entries, HeightRange.All);
        return null;
    }

    /// <summary>The answer is short however much has to be read, so nothing but the turn of the others bounds it.</summary>
    public static RpcError? GetBalance(ref RpcCall call, ScriptKey key)
    {
        IChainSnapshot snapshot = call.Snapshot;
        int max = call.Session.MayReadAll ? int.MaxValue : LargeReads.FreeEntries;
        bool isRead = snapshot.TryGetBalance(key.Resolve(snapshot), max, out Balance balance, out int entries);
        call.Session.Meter.AddEntries(entries);
        if (!isRead) return RpcError.LargeRead;
        call.Reply.Raw("{\"confirmed\":"u8);
        call.Reply.Integer(balance.Confirmed);
        call.Reply.Raw(",\"unconfirmed\":"u8);
        call.Reply.Integer(balance.Unconfirmed);
        call.Reply.Raw((byte)'}');
        return null;
    }

    public static RpcError? ListUnspent(ref RpcCall call, ScriptKey key)
    {
        IChainSnapshot snapshot = call.Snapshot;
        if (!snapshot.TryGetUnspent(key.Resolve(snapshot), call.Session.MaxEntries, out IReadOnlyList<UnspentOutput>? outputs))
            return TooLarge(ref call);
        call.Session.Meter.AddEntries(outputs.Count);
        ReplyWriter reply = call.Reply;
        reply.Raw((byte)'[');
        for (int i = 0; i < outputs.Count && !reply.Overflowed; i++)
        {
            UnspentOutput output = outputs[i];
            reply.Raw(i == 0 ? "{\"tx_hash\":"u8 : ",{\"tx_hash\":"u8);
            reply.Hash(output.Txid);
            reply.Raw(",\"tx_pos\":"u8);
            reply.Integer(output.Index);
            reply.Raw(",\"height\":"u8);
            reply.Integer(output.Height);
            reply.Raw(",\"value\":"u8);
            reply.Integer(output.Value);
            reply.Raw((byte)'}');
        }

        reply.Raw((byte)']');
        return null;
    }

    /// <summary>The status without a subscription.</summary>
    public static RpcError? GetStatus(ref RpcCall call, ScriptKey key)
    {
        if (!ScriptState.TryRead(call.Snapshot, key.Resolve(call.Snapshot), call.Session.MaxEntries, withHistory: false, out ScriptState state)) return TooLarge(ref call);
        call.Session.Meter.AddEntries(state.Entries);
        call.Reply.Status(state.Status);
        return null;
    }

    /// <summary>The first confirmed transaction that the history shows; null when there is none.</summary>
    public static RpcError? GetFirstUse(ref RpcCall call, ScriptKey key)
    {
        bool isRead = call.Snapshot.TryGetFirstUse(key.Resolve(call.Snapshot), call.Session.MaxEntries, out FirstUse? use, out int spendsRead);
        call.Session.Meter.AddEntries(spendsRead);
        if (!isRead) return TooLong(ref call);
        if (use is null)
        {
            call.Reply.Null();
            return null;
        }

        call.Reply.Raw("{\"block_hash\":"u8);
        call.Reply.Hash(use.BlockHash);
        call.Reply.Raw(",\"height\":"u8);
        call.Reply.Integer(use.Height);
        call.Reply.Raw(",\"tx_hash\":"u8);
        call.Reply.Hash(use.Txid);
        call.Reply.Raw((byte)'}');
        return null;
    }

    /// <summary>What was read in vain is paid for as well.</summary>
    private static RpcError TooLarge(ref RpcCall call)
    {
        Session session = call.Session;
        session.Meter.AddEntries(session.MaxEntries);
        return TooLong(ref call);
    }

    /// <summary>The request comes again where it may read more.</summary>
    public static RpcError TooLong(ref RpcCall call) =>
        call.Session.MaxEntries < call.Session.MaxHistory ? RpcError.LargeRead : call.HistoryTooLarge;

    /// <summary>For error messages: what the wallet sent, cut to a length fit to be read.</summary>
    public static string Quote(ReadOnlySpan<byte> utf8)
    {
        const int Shown = 100;
        return utf8.Length <= Shown ? Encoding.UTF8.GetString(utf8) : $"{Encoding.UTF8.GetString(utf8[..Shown])}...";
    }

    private static void WriteHistory(ReplyWriter reply, IReadOnlyList<HistoryEntry> history, HeightRange range)
    {
        bool isFirst = true;
        reply.Raw((byte)'[');
        for (int i = 0; i < history.Count && !reply.Overflowed; i++)
        {
            HistoryEntry entry = history[i];
            if (!range.Contains(entry)) continue;
            reply.Raw(isFirst ? "{\"tx_hash\":"u8 : ",{\"tx_hash\":"u8);
            reply.Hash(entry.Txid);
            isFirst = false;
            reply.Raw(",\"height\":"u8);
            reply.Integer(entry.Height);
            if (!entry.IsConfirmed)
            {
                reply.Raw(",\"fee\":"u8);
                reply.Integer(entry.Fee);
            }

            reply.Raw((byte)'}');
        }

        reply.Raw((byte)']');
    }
}
