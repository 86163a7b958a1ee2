// SPDX-License-Identifier: MIT

using System.Text.Encodings.Web;
using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Transactions and their place in a block (protocol, "Transactions").</summary>
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
        if (verbose) return call.Defer(WhenDecoded(daemon, txid));

        ValueTask<ReadOnlyMemory<byte>?> pending = daemon.GetRawTransactionAsync(txid, CancellationToken.None);
        if (pending.IsCompletedSuccessfully) return WriteRaw(call.Reply, txid, pending.Result);
        return call.Defer(WhenFetched(pending.AsTask(), txid));
    }

    public static RpcError? GetMerkle(ref RpcCall call)
    {
        if (ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        if (call.Params.ReadNatural(1, out int height) is { } wrongHeight) return wrongHeight;
        if (!call.Snapshot.TryGetMerkleProof(txid, height, out MerkleProof? proof))
            return RpcError.BadRequest($"tx {txid} not in block at height {height}");
        call.Reply.Raw("{\"block_height\":"u8);
        call.Reply.Integer(proof.Height);
        call.Reply.Raw(",\"merkle\":"u8);
        call.Reply.Hashes(proof.Branch);
        call.Reply.Raw(",\"pos\":"u8);
        call.Reply.Integer(proof.Position);
        call.Reply.Raw((byte)'}');
        return null;
    }

    public static RpcError? IdFromPosition(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int height) is { } wrongHeight) return wrongHeight;
        if (call.Params.ReadNatural(1, out int position) is { } wrongPosition) return wrongPosition;
        if (call.Params.ReadBoolean(2, absent: false, out bool withProof) is { } wrongFlag) return wrongFlag;
        RpcError absent = RpcError.BadRequest($"no tx at position {position} in block at height {height}");
        if (!withProof)
        {
            if (!call.Snapshot.TryGetTxid(height, position, out Hash256 txid)) return absent;
            call.Reply.Hash(txid);
            return null;
        }

        if (!call.Snapshot.TryGetMerkleProof(height, position, out Hash256 proven, out MerkleProof? proof)) return absent;
        call.Reply.Raw("{\"tx_hash\":"u8);
        call.Reply.Hash(proven);
        call.Reply.Raw(",\"merkle\":"u8);
        call.Reply.Hashes(proof.Branch);
        call.Reply.Raw((byte)'}');
        return null;
    }

    /// <summary>The address of an unspent output; null once it is spent or was never there, as in 2014.</summary>
    public static RpcError? GetAddress(ref RpcCall call)
    {
        if (ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        if (call.Params.ReadNatural(1, out int index) is { } wrongIndex) return wrongIndex;
        if (!call.Snapshot.IsUnspent(new OutPoint(txid, (uint)index)))
        {
            call.Reply.Null();
            return null;
        }

        IDaemonGateway daemon = call.Server.Daemon;
        Coin coin = call.Server.Options.Coin;
        return call.Defer(async (reply, cancellation) =>
        {
            ReadOnlyMemory<byte>? raw = await daemon.GetRawTransactionAsync(txid, cancellation);
            string? address = raw is { } bytes ? AddressOfOutput(bytes.Span, index, coin) : null;
            if (address is null) reply.Null();
            else reply.String(address);
            return null;
        });
    }

    private static RpcError? ReadTxid(ref RpcCall call, int index, out Hash256 txid)
    {
        txid = default;
        if (call.Params.ReadString(index, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        return Hash256.TryParse(text, out txid)
            ? null
            : RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid transaction hash");
    }

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

    private static RpcError Unknown(Hash256 txid) =>
        new(RpcError.DaemonErrorCode, $"daemon error: no such mempool or blockchain transaction: {txid}");

    private static string? AddressOfOutput(ReadOnlySpan<byte> raw, int index, Coin coin)
    {
        foreach (OutputView output in TransactionReader.ReadWhole(raw, coin.TransactionFormat).Outputs)
        {
            if (index-- == 0) return Address.OfScript(output.Script, coin);
        }

        return null;
    }
}
