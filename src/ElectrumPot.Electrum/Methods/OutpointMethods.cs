// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// Single outputs: <c>blockchain.outpoint.*</c> of protocol 1.7. The hint, the script of the output, is needed: a spend is
/// found among those of its script. With a wrong hint the answer is undefined, as the protocol has it.
/// </summary>
internal static class OutpointMethods
{
    public static RpcError? Subscribe(ref RpcCall call)
    {
        if (Read(ref call, out OutPoint outPoint, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        if (ReadHint(ref call, out HashX script) is { } wrongHint) return wrongHint;
        Session session = call.Session;
        if (session.AddWatch(new OutpointWatch(session, outPoint, script)) is not { } watch) return RpcError.TooManySubscriptions;
        if (ReadStatus(ref call, outPoint, script, out OutpointStatus status) is { } refused)
        {
            if (refused != RpcError.LargeRead) session.ForgetWatch(watch.Key);
            return refused;
        }

        watch.Register();
        watch.Reply(text, status, call.Snapshot.Sequence);
        session.Effects.Add(watch);
        OutpointWatch.WriteStatus(call.Reply, status);
        return null;
    }

    public static RpcError? GetStatus(ref RpcCall call)
    {
        if (Read(ref call, out OutPoint outPoint, out _) is { } wrong) return wrong;
        if (ReadHint(ref call, out HashX script) is { } wrongHint) return wrongHint;
        if (ReadStatus(ref call, outPoint, script, out OutpointStatus status) is { } refused) return refused;
        OutpointWatch.WriteStatus(call.Reply, status);
        return null;
    }

    public static RpcError? Unsubscribe(ref RpcCall call)
    {
        if (Read(ref call, out OutPoint outPoint, out _) is { } wrong) return wrong;
        call.Reply.Boolean(call.Session.ForgetWatch(new WatchKey(outPoint.Txid, outPoint.Index)));
        return null;
    }

    private static RpcError? ReadStatus(ref RpcCall call, OutPoint outPoint, HashX script, out OutpointStatus status)
    {
        bool isFound = call.Snapshot.TryGetOutpointStatus(outPoint, script, call.Session.MaxEntries, out status, out int spendsRead);
        call.Session.Meter.AddEntries(spendsRead);
        return isFound ? null : ScriptQueries.TooLong(ref call);
    }

    private static RpcError? Read(ref RpcCall call, out OutPoint outPoint, out ReadOnlySpan<byte> text)
    {
        outPoint = default;
        if (TransactionMethods.ReadTxid(ref call, 0, out Hash256 txid, out text) is { } wrong) return wrong;
        if (call.Params.ReadNatural(1, out int index) is { } wrongIndex) return wrongIndex;
        outPoint = new OutPoint(txid, (uint)index);
        return null;
    }

    private static RpcError? ReadHint(ref RpcCall call, out HashX script)
    {
        RpcError? wrong = ScriptPubKeyMethods.ReadScript(ref call, 2, out ScriptKey key, out _);
        script = key.Primary;
        return wrong;
    }
}
