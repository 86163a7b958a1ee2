// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>The dictionary form of a header (protocol, "blockchain.headers.subscribe").</summary>
internal static class HeaderJson
{
    public static void WriteDictionary(ReplyWriter writer, int height, ReadOnlySpan<byte> header80)
    {
        BlockHeader header = BlockHeader.Parse(header80);
        writer.Raw("{\"block_height\":"u8);
        writer.Integer(height);
        writer.Raw(",\"version\":"u8);
        writer.Integer(header.Version);
        writer.Raw(",\"prev_block_hash\":"u8);
        writer.Hash(header.PreviousHash);
        writer.Raw(",\"merkle_root\":"u8);
        writer.Hash(header.MerkleRoot);
        writer.Raw(",\"timestamp\":"u8);
        writer.Integer(header.Time);
        writer.Raw(",\"bits\":"u8);
        writer.Integer(header.Bits);
        writer.Raw(",\"nonce\":"u8);
        writer.Integer(header.Nonce);
        writer.Raw((byte)'}');
    }
}
