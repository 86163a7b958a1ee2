// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Index.Model;

/// <summary>Writes transactions and blocks of Potcoin, without any signature that would be checked.</summary>
internal static class BlockBytes
{
    /// <param name="time">Written for versions above 3 only.</param>
    public static ModelTransaction Transaction(
        int version, IReadOnlyList<OutPoint> inputs, IReadOnlyList<ModelOutput> outputs, uint time, byte[] inputScript)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(version);
        WriteCount(writer, inputs.Count);
        foreach (OutPoint input in inputs)
        {
            writer.Write(input.Txid.ToArray());
            writer.Write(input.Index);
            WriteCount(writer, inputScript.Length);
            writer.Write(inputScript);
            writer.Write(uint.MaxValue);
        }

        WriteCount(writer, outputs.Count);
        foreach (ModelOutput output in outputs)
        {
            writer.Write(output.Value);
            WriteCount(writer, output.Script.Length);
            writer.Write(output.Script);
        }

        writer.Write(0u);
        if (version > 3) writer.Write(time);
        byte[] raw = stream.ToArray();
        return new ModelTransaction(Sha256d.Hash(raw), raw, inputs, outputs);
    }

    public static ModelBlock Block(int version, int height, Hash256 previous, uint time, IReadOnlyList<ModelTransaction> transactions)
    {
        Hash256 root = MerkleTree.FoldRoot(transactions.Select(transaction => transaction.Txid).ToArray());
        byte[] header = new byte[BlockHeader.Size];
        new BlockHeader(version, previous, root, time, 0x207fffff, (uint)height).CopyTo(header);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(header);
        WriteCount(writer, transactions.Count);
        foreach (ModelTransaction transaction in transactions)
            writer.Write(transaction.Raw);
        if (version > 2)
        {
            WriteCount(writer, 3);
            writer.Write([1, 2, 3]);
        }

        return new ModelBlock(height, BlockHeader.HashOf(header), header, stream.ToArray(), transactions);
    }

    private static void WriteCount(BinaryWriter writer, int count)
    {
        if (count < 0xfd)
        {
            writer.Write((byte)count);
            return;
        }

        writer.Write((byte)0xfd);
        writer.Write((ushort)count);
    }
}
