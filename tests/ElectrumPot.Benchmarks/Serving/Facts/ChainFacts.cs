// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Facts;

/// <param name="Hash">The wallet's name of the script.</param>
/// <param name="Entries">Transactions that touch it.</param>
internal readonly record struct ScriptFact(Hash256 Hash, int Entries);

/// <param name="Position">In its block; 0 is the coinbase.</param>
internal readonly record struct TransactionFact(Hash256 Txid, int Height, int Position);

/// <summary>What the chain says, read from its blocks and from nothing that the server wrote: what is asked for, and what has to come.</summary>
/// <param name="Coin">Whose chain it is.</param>
/// <param name="Height">Of the last block that was read.</param>
/// <param name="Scripts">Those with the longest histories first.</param>
/// <param name="Transactions">In the order of the chain, without that of block 0, which no daemon hands out.</param>
/// <param name="MerkleRoots">By height.</param>
/// <param name="States">What is to be answered about each script.</param>
internal sealed record ChainFacts(Coin Coin, int Height, ScriptFact[] Scripts, TransactionFact[] Transactions, Hash256[] MerkleRoots, ScriptStates States)
{
    /// <summary>The scripts with so many entries.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ArraySegment<ScriptFact> ScriptsWith(int atLeast, int atMost)
    {
        int first = Array.FindIndex(Scripts, script => script.Entries <= atMost);
        int end = Array.FindLastIndex(Scripts, script => script.Entries >= atLeast) + 1;
        return first >= 0 && end > first
            ? new ArraySegment<ScriptFact>(Scripts, first, end - first)
            : throw new InvalidOperationException($"The chain has no script with {atLeast:N0} to {atMost:N0} history entries; a longer one may (--blocks).");
    }

    /// <summary>The transactions of a block.</summary>
    public IEnumerable<TransactionFact> InBlock(int height)
    {
        int first = Array.BinarySearch(Transactions, new TransactionFact(default, height, 0), ByPlace);
        return first < 0 ? [] : Transactions.Skip(first).TakeWhile(transaction => transaction.Height == height);
    }

    private static readonly Comparer<TransactionFact> ByPlace = Comparer<TransactionFact>.Create(static (left, right) =>
        left.Height != right.Height ? left.Height.CompareTo(right.Height) : left.Position.CompareTo(right.Position));
}
