// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Fees and mempool (protocol, "Fees and mempool").</summary>
internal static class FeeMethods
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Coins per 1000 bytes, or -1 when unknown, but never an error: that would disconnect the wallet.</summary>
    public static RpcError? Estimate(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int blocks) is { } wrong) return wrong;
        if (ReadMode(ref call, out FeeEstimateMode mode) is { } wrongMode) return wrongMode;
        ValueTask<long?> estimate = call.Server.Fees.GetAsync(call.Snapshot, blocks, mode);
        if (estimate.IsCompletedSuccessfully)
        {
            WriteEstimate(call.Reply, estimate.Result);
            return null;
        }

        return call.Defer(WhenEstimated(estimate.AsTask()));
    }

    public static RpcError? RelayFee(ref RpcCall call) => WithRelayFees(ref call, static (reply, fees) => reply.Coins(fees.Minimum));

    /// <summary>All three members are the relay fee where the daemon has no <c>getmempoolinfo</c>, as no potcoind has.</summary>
    public static RpcError? MempoolInfo(ref RpcCall call) => WithRelayFees(ref call, static (reply, fees) =>
    {
        reply.Raw("{\"mempoolminfee\":"u8);
        reply.Coins(fees.MempoolMinimum);
        reply.Raw(",\"minrelaytxfee\":"u8);
        reply.Coins(fees.Minimum);
        reply.Raw(",\"incrementalrelayfee\":"u8);
        reply.Coins(fees.Increment);
        reply.Raw((byte)'}');
    });

    public static RpcError? Histogram(ref RpcCall call)
    {
        IReadOnlyList<FeeBucket> buckets = call.Snapshot.FeeHistogram;
        call.Reply.Raw((byte)'[');
        for (int i = 0; i < buckets.Count; i++)
        {
            call.Reply.Raw(i == 0 ? "["u8 : ",["u8);
            call.Reply.Number(buckets[i].Rate);
            call.Reply.Raw((byte)',');
            call.Reply.Integer(buckets[i].VirtualSize);
            call.Reply.Raw((byte)']');
        }

        call.Reply.Raw((byte)']');
        return null;
    }

    /// <summary>The last ten transactions to enter the mempool, the newest first; from protocol 1.7.</summary>
    public static RpcError? Recent(ref RpcCall call)
    {
        IReadOnlyList<MempoolSummary> recent = call.Snapshot.RecentMempool;
        call.Reply.Raw((byte)'[');
        for (int i = 0; i < recent.Count; i++)
        {
            call.Reply.Raw(i == 0 ? "{\"txid\":"u8 : ",{\"txid\":"u8);
            call.Reply.Hash(recent[i].Txid);
            call.Reply.Raw(",\"fee\":"u8);
            call.Reply.Integer(recent[i].Fee);
            call.Reply.Raw(",\"vsize\":"u8);
            call.Reply.Integer(recent[i].VirtualSize);
            call.Reply.Raw((byte)'}');
        }

        call.Reply.Raw((byte)']');
        return null;
    }

    /// <summary>From protocol 1.6; no harm before.</summary>
    private static RpcError? ReadMode(ref RpcCall call, out FeeEstimateMode mode)
    {
        mode = FeeEstimateMode.Default;
        if (!call.Params.Has(1)) return null;
        if (call.Params.ReadString(1, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        if (Ascii.EqualsIgnoreCase(text, "ECONOMICAL"u8)) mode = FeeEstimateMode.Economical;
        else if (Ascii.EqualsIgnoreCase(text, "CONSERVATIVE"u8)) mode = FeeEstimateMode.Conservative;
        else return RpcError.BadRequest($"unknown estimatefee mode: {ScriptQueries.Quote(text)}");
        return null;
    }

    private static void WriteEstimate(ReplyWriter reply, long? fee)
    {
        if (fee is { } known) reply.Coins(known);
        else reply.Integer(-1);
    }

    private static RpcError? WithRelayFees(ref RpcCall call, Action<ReplyWriter, RelayFees> write)
    {
        ServerContext server = call.Server;
        ValueTask<RelayFees> pending = server.Daemon.GetRelayFeesAsync(CancellationToken.None);
        if (pending.IsCompletedSuccessfully)
        {
            write(call.Reply, pending.Result);
            return null;
        }

        return call.Defer(WhenKnown(pending.AsTask(), server, write));
    }

    // Apart from the callers, so that an answer that is there at once allocates nothing.
    private static DeferredWork WhenEstimated(Task<long?> estimate) => async (reply, cancellation) =>
    {
        WriteEstimate(reply, await estimate.WaitAsync(cancellation));
        return null;
    };

    private static DeferredWork WhenKnown(Task<RelayFees> relayFees, ServerContext server, Action<ReplyWriter, RelayFees> write) => async (reply, cancellation) =>
    {
        RelayFees fees = RelayFees.Of(server.Options.Coin.RelayFee);
        try
        {
            fees = await relayFees.WaitAsync(Patience, server.Time, cancellation);
        }
        catch (Exception failure) when (failure is DaemonException or TimeoutException)
        {
            // An error would disconnect the wallet; what the coin's nodes usually ask is close enough until then.
        }

        write(reply, fees);
        return null;
    };
}
