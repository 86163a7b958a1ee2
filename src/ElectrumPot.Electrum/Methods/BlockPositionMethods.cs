// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Where a transaction stands in the chain (protocol, "Transactions" and "Vendor extras").</summary>
internal static class BlockPositionMethods
{
    /// <summary>Without a height, which only some servers allow, the block is looked up.</summary>
    public static RpcError? GetMerkle(ref RpcCall call)
    {
        if (Find(ref call, out _, out MerkleProof? proof) is { } refused) return refused;
        call.Reply.Raw("{\"block_height\":"u8);
        call.Reply.Integer(proof!.Height);
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

        MeterBlock(ref call, height);
        if (!call.Snapshot.TryGetMerkleProof(height, position, out Hash256 proven, out MerkleProof? proof)) return absent;
        call.Reply.Raw("{\"tx_hash\":"u8);
        call.Reply.Hash(proven);
        call.Reply.Raw(",\"merkle\":"u8);
        call.Reply.Hashes(proof.Branch);
        call.Reply.Raw((byte)'}');
        return null;
    }

    /// <summary>0 in the mempool.</summary>
    public static RpcError? GetHeight(ref RpcCall call)
    {
        if (TransactionMethods.ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        if (TransactionWatch.HeightOf(call.Snapshot, txid) is not { } height) return TransactionMethods.Unknown(txid);
        call.Reply.Integer(height);
        return null;
    }

    public static RpcError? GetConfirmedBlockHash(ref RpcCall call)
    {
        if (TransactionMethods.ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        if (call.Params.ReadBoolean(1, absent: false, out bool withHeader) is { } wrongFlag) return wrongFlag;
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (!call.Snapshot.TryFindTransaction(txid, out TxLocation location) || !call.Snapshot.TryGetHeader(location.Height, header))
            return RpcError.BadRequest($"no block has transaction {txid}");
        call.Reply.Raw("{\"block_hash\":"u8);
        call.Reply.Hash(BlockHeader.HashOf(header));
        call.Reply.Raw(",\"block_height\":"u8);
        call.Reply.Integer(location.Height);
        if (withHeader)
        {
            call.Reply.Raw(",\"block_header\":"u8);
            call.Reply.HexString(header);
        }

        call.Reply.Raw((byte)'}');
        return null;
    }

    public static RpcError? Subscribe(ref RpcCall call)
    {
        if (TransactionMethods.ReadTxid(ref call, 0, out Hash256 txid, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        Session session = call.Session;
        if (session.AddWatch(new TransactionWatch(session, txid)) is not { } watch) return RpcError.TooManySubscriptions;
        int? height = TransactionWatch.HeightOf(call.Snapshot, txid);
        watch.Register();
        watch.Reply(text, height, call.Snapshot.Sequence);
        session.Effects.Add(watch);
        TransactionWatch.WriteHeight(call.Reply, height);
        return null;
    }

    public static RpcError? Unsubscribe(ref RpcCall call)
    {
        if (TransactionMethods.ReadTxid(ref call, 0, out Hash256 txid) is { } wrong) return wrong;
        call.Reply.Boolean(call.Session.ForgetWatch(new WatchKey(txid)));
        return null;
    }

    /// <summary>A proof reads the txids of the whole block, even if the transaction is not among them.</summary>
    private static void MeterBlock(ref RpcCall call, int height) => call.Session.Meter.AddEntries(call.Snapshot.CountTransactions(height));

    /// <summary>Reads txid and optional height, and proves the transaction.</summary>
    public static RpcError? Find(ref RpcCall call, out Hash256 txid, out MerkleProof? proof)
    {
        proof = null;
        if (TransactionMethods.ReadTxid(ref call, 0, out txid) is { } wrong) return wrong;
        if (call.Params.ReadNatural(1, absent: -1, out int height) is { } wrongHeight) return wrongHeight;
        if (height < 0)
        {
            if (!call.Snapshot.TryFindTransaction(txid, out TxLocation location)) return RpcError.BadRequest($"no block has transaction {txid}");
            height = location.Height;
        }

        MeterBlock(ref call, height);
        return call.Snapshot.TryGetMerkleProof(txid, height, out proof) ? null : RpcError.BadRequest($"tx {txid} not in block at height {height}");
    }
}
