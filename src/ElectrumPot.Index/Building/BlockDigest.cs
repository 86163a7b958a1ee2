// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;

namespace ElectrumPot.Index.Building;

/// <summary>An output worth indexing.</summary>
/// <param name="Position">Of its transaction within the block.</param>
/// <param name="Index">Within the transaction (<c>vout</c>).</param>
/// <param name="Value">In the smallest unit.</param>
public readonly record struct DigestOutput(int Position, int Index, HashX Script, long Value);

/// <summary>A spend; the null input of a coinbase is left out.</summary>
/// <param name="Position">Of the spending transaction within the block.</param>
/// <param name="Index">Of the input within the transaction.</param>
public readonly record struct DigestInput(int Position, int Index, OutPoint PreviousOutput);

/// <summary>What a transaction's fee follows from, together with what its inputs are worth.</summary>
/// <param name="OutputValue">Of all outputs, indexed or not, in the smallest unit.</param>
/// <param name="IsReward">Coinbase or coinstake: what it pays itself is no fee.</param>
public readonly record struct DigestTransaction(int VirtualSize, long OutputValue, bool IsReward);

/// <summary>A script that pays to the key of an address without being the address's own script: P2PK above all.</summary>
public readonly record struct ScriptAlias(HashX AddressScript, HashX Script);

/// <summary>
/// What the index needs of a block: the one record that crosses from parsing to writing. Inputs and outputs are in
/// the order of the block.
/// </summary>
public sealed record BlockDigest
{
    public required int Height { get; init; }

    public required Hash256 Hash { get; init; }

    /// <summary>80 bytes.</summary>
    public required byte[] Header { get; init; }

    public required Hash256[] Txids { get; init; }

    public required DigestOutput[] Outputs { get; init; }

    public required DigestInput[] Inputs { get; init; }

    public required ScriptAlias[] Aliases { get; init; }

    /// <summary>For each txid; null where nobody asked for it.</summary>
    public DigestTransaction[]? Transactions { get; init; }

    /// <summary>Where the daemon's block files have the block; null when it came another way.</summary>
    public BlockPosition? Position { get; init; }

    /// <summary>The block as the network serialises it; empty where nobody asked for it.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Where each transaction begins in the serialised block, and where the last one ends; with <see cref="Raw"/> or <see cref="Position"/>.</summary>
    public int[] TransactionOffsets { get; init; } = [];

    public Hash256 PreviousHash => BlockHeader.PreviousHashOf(Header);
}
