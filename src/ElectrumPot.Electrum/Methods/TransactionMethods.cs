// SPDX-License-Identifier: MIT

using System.Text.Encodings.Web;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Transactions themselves (protocol, "Transactions").</summary>
internal static class TransactionMethods
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The second argument is <c>verbose</c> when it is a boolean. A number is the height that wallets up to 1.0 add,
    /// and says nothing.
    /// </summary>
    public static RpcError? Get(ref RpcCall call)
    {
        if (ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        bool verbose = false;
        if (call.Params.TypeOf(1) != JsonTokenType.Number && call.Params.ReadBoolean(1, absent: false, out verbose) is { } wrongFlag)
            return wrongFlag;
        IDaemonGateway daemon = call.Server.Daemon;
        if (verbose)
        {
            call.Session.Meter.AddRequests(MethodCosts.FetchedTransaction);
            return call.Defer(WhenDecoded(daemon, txid));
        }

        ValueTask<ReadOnlyMemory<byte>?> pending = daemon.GetRawTransactionAsync(txid, CancellationToken.None);
        if (pending.IsCompletedSuccessfully) return WriteRaw(call.Reply, txid, pending.Result);
        call.Session.Meter.AddRequests(MethodCosts.FetchedTransaction);
        return call.Defer(WhenFetched(pending.AsTask(), txid));
    }

    public static RpcError? ReadTxid(ref RpcCall call, int index, out Hash256 txid) => ReadTxid(ref call, index, out txid, out _);

    /// <param name="text">As the wallet wrote it.</param>
    public static RpcError? ReadTxid(ref RpcCall call, int index, out Hash256 txid, out ReadOnlySpan<byte> text)
    {
        txid = default;
        if (call.Params.ReadString(index, out text) is { } wrong) return wrong;
        return Hash256.TryParse(text, out txid)
            ? null
            : RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid transaction hash");
    }

    public static RpcError Unknown(Hash256 txid) =>
        new(RpcError.DaemonErrorCode, $"daemon error: no such mempool or blockchain transaction: {txid}");

    private static RpcError? WriteRaw(ReplyWriter reply, Hash256 txid, ReadOnlyMemory<byte>? raw)
    {
        if (raw is not { } bytes) return Unknown(txid);
        reply.HexString(bytes.Span);
        return null;
    }

    // Apart from the caller, so that an answer that is there at once allocates nothing.
    private static DeferredWork WhenFetched(Task<ReadOnlyMemory<byte>?> raw, Hash256 txid) =>
        async (reply, cancellation) => WriteRaw(reply, txid, await raw.WaitAsync(cancellation));

    private static DeferredWork WhenDecoded(IDaemonGateway daemon, Hash256 txid) => async (reply, cancellation) =>
    {
        if (await daemon.GetVerboseTransactionAsync(txid, cancellation) is not { } decoded) return Unknown(txid);
        await using var writer = new Utf8JsonWriter(reply, WriterOptions);
        decoded.WriteTo(writer);
        return null;
    };
}
