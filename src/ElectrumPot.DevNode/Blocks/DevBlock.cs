// SPDX-License-Identifier: MIT

using System.Numerics;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>A block of the simulation, immutable.</summary>
public sealed class DevBlock
{
    private const int LastVersionWithoutSignature = 2;

    private DevBlock(BlockHeader header, int height, IReadOnlyList<DevTransaction> transactions, byte[] signature, BigInteger previousWork)
    {
        Header = header;
        Height = height;
        Transactions = transactions;
        Signature = signature;
        Hash = header.ComputeHash();
        ChainWork = previousWork + header.Work;
        Raw = Serialise();
    }

    public BlockHeader Header { get; }

    public Hash256 Hash { get; }

    public int Height { get; }

    public IReadOnlyList<DevTransaction> Transactions { get; }

    /// <summary>DER, by the key of coinstake output 1, over the block id; empty in blocks of version 1 and 2.</summary>
    public byte[] Signature { get; }

    /// <summary>The serialised block.</summary>
    public byte[] Raw { get; }

    public BigInteger ChainWork { get; }

    public bool IsProofOfStake => Transactions.Count > 1 && Transactions[1].IsCoinstake;

    /// <summary>Coins made by this block: the reward without the fees, in 1e-8 POT.</summary>
    public long Mint { get; private init; }

    /// <summary>All coins made up to and including this block, in 1e-8 POT.</summary>
    public long MoneySupply { get; private init; }

    internal static DevBlock Genesis()
    {
        byte[] raw = Convert.FromHexString(GenesisBlock.Hex);
        var coinbase = DevTransaction.Parse(raw.AsSpan(BlockHeader.Size + 1));
        long reward = coinbase.Outputs[0].Value;
        return new DevBlock(BlockHeader.Parse(raw), 0, [coinbase], [], BigInteger.Zero) { Mint = reward, MoneySupply = reward };
    }

    /// <param name="sign">Makes the block signature from the block id; null for versions without one.</param>
    internal static DevBlock Create(
        DevBlock previous, int version, uint time, uint bits, uint nonce, IReadOnlyList<DevTransaction> transactions, long mint, Func<Hash256, byte[]>? sign)
    {
        var header = new BlockHeader(version, previous.Hash, MerkleRootOf(transactions), time, bits, nonce);
        byte[] signature = sign?.Invoke(header.ComputeHash()) ?? [];
        return new DevBlock(header, previous.Height + 1, transactions, signature, previous.ChainWork)
        {
            Mint = mint,
            MoneySupply = previous.MoneySupply + mint,
        };
    }

    public static Hash256 MerkleRootOf(IReadOnlyList<DevTransaction> transactions)
    {
        var leaves = new Hash256[transactions.Count];
        for (int i = 0; i < leaves.Length; i++)
            leaves[i] = transactions[i].Txid;
        return MerkleTree.FoldRoot(leaves);
    }

    private byte[] Serialise()
    {
        var header = new byte[BlockHeader.Size];
        Header.CopyTo(header);
        var writer = new ByteWriter().Bytes(header).Count(Transactions.Count);
        foreach (DevTransaction transaction in Transactions)
            writer.Bytes(transaction.Raw);
        if (Header.Version > LastVersionWithoutSignature)
            writer.VarBytes(Signature);
        return writer.ToArray();
    }
}
