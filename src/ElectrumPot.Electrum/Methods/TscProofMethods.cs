// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// <c>blockchain.transaction.get_tsc_merkle</c>: a merkle proof that can be checked on its own, in the format of the
/// Technical Standards Committee ("Merkle proof standardised format"), as some servers of the BSV line give it.
/// </summary>
internal static class TscProofMethods
{
    private static readonly string[] Forms = ["txid", "tx"];
    private static readonly string[] Targets = ["block_hash", "block_header", "merkle_root"];

    private enum Target
    {
        BlockHash,
        BlockHeader,
        MerkleRoot,
    }

    /// <summary>Arguments: txid, height, <c>txid</c> or <c>tx</c>, what the proof leads to.</summary>
    public static RpcError? Get(ref RpcCall call)
    {
        if (BlockPositionMethods.Find(ref call, out Hash256 txid, out MerkleProof? proof) is { } refused) return refused;
        if (ReadChoice(ref call, 2, Forms, out int form) is { } wrongForm) return wrongForm;
        if (ReadChoice(ref call, 3, Targets, out int target) is { } wrongTarget) return wrongTarget;
        var header = new byte[BlockHeader.Size];
        if (!call.Snapshot.TryGetHeader(proof!.Height, header)) return RpcError.BadRequest($"there is no block at height {proof.Height}");
        if (form == 0)
        {
            Write(call.Reply, txid, raw: null, proof, header, (Target)target);
            return null;
        }

        IDaemonGateway daemon = call.Server.Daemon;
        return call.Defer(async (reply, cancellation) =>
        {
            if (await daemon.GetRawTransactionAsync(txid, cancellation) is not { } raw) return TransactionMethods.Unknown(txid);
            Write(reply, txid, raw, proof, header, (Target)target);
            return null;
        });
    }

    /// <param name="raw">Stands in the place of the txid when it is wanted.</param>
    private static void Write(ReplyWriter reply, Hash256 txid, ReadOnlyMemory<byte>? raw, MerkleProof proof, byte[] header, Target target)
    {
        reply.Raw("{\"composite\":false,\"index\":"u8);
        reply.Integer(proof.Position);
        reply.Raw(",\"nodes\":"u8);
        WriteNodes(reply, txid, proof);
        reply.Raw(",\"proofType\":\"branch\",\"target\":"u8);
        switch (target)
        {
            case Target.BlockHash:
                reply.Hash(BlockHeader.HashOf(header));
                reply.Raw(",\"targetType\":\"block_hash\""u8);
                break;
            case Target.BlockHeader:
                reply.HexString(header);
                reply.Raw(",\"targetType\":\"block_header\""u8);
                break;
            default:
                reply.Hash(BlockHeader.Parse(header).MerkleRoot);
                reply.Raw(",\"targetType\":\"merkle_root\""u8);
                break;
        }

        reply.Raw(",\"txOrId\":"u8);
        if (raw is { } bytes) reply.HexString(bytes.Span);
        else reply.Hash(txid);
        reply.Raw((byte)'}');
    }

    /// <summary>Where a level has no sibling and its last node stands for it, the format has a star.</summary>
    private static void WriteNodes(ReplyWriter reply, Hash256 txid, MerkleProof proof)
    {
        reply.Raw((byte)'[');
        for (int level = 0; level < proof.Branch.Length; level++)
        {
            if (level > 0) reply.Raw((byte)',');
            bool isLeft = ((proof.Position >> level) & 1) == 0;
            Hash256 own = MerkleTree.RootOf(txid, proof.Position, proof.Branch.AsSpan(0, level));
            if (isLeft && own == proof.Branch[level]) reply.Raw("\"*\""u8);
            else reply.Hash(proof.Branch[level]);
        }

        reply.Raw((byte)']');
    }

    /// <summary>The first choice is taken when none is named.</summary>
    private static RpcError? ReadChoice(ref RpcCall call, int index, string[] choices, out int choice)
    {
        choice = 0;
        if (!call.Params.Has(index)) return null;
        if (call.Params.ReadString(index, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        for (; choice < choices.Length; choice++)
        {
            if (Ascii.Equals(text, choices[choice])) return null;
        }

        return call.Params.Wrong(index, $"one of {string.Join(", ", choices)}");
    }
}
