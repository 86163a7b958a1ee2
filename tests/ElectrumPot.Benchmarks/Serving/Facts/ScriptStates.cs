// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Facts;

/// <summary>Whole histories and what is unspent, of every script.</summary>
/// <param name="numbers">Numbers of the scripts.</param>
/// <param name="ends">By number: where the script's part of <paramref name="transactions"/> ends and that of the next begins.</param>
/// <param name="transactions">Places in <see cref="ChainFacts.Transactions"/>, script by script, each in the order of the chain.</param>
/// <param name="balances">By number, in the smallest unit.</param>
/// <param name="unspent">By number: unspent outputs.</param>
internal sealed class ScriptStates(Dictionary<Hash256, int> numbers, int[] ends, int[] transactions, long[] balances, int[] unspent)
{
    public static ScriptStates None { get; } = new([], [], [], [], []);

    /// <exception cref="KeyNotFoundException">The chain does not have the script.</exception>
    public ReadOnlySpan<int> HistoryOf(Hash256 script)
    {
        int number = numbers[script];
        int start = number == 0 ? 0 : ends[number - 1];
        return transactions.AsSpan(start, ends[number] - start);
    }

    /// <inheritdoc cref="HistoryOf"/>
    public long BalanceOf(Hash256 script) => balances[numbers[script]];

    /// <inheritdoc cref="HistoryOf"/>
    public int UnspentOf(Hash256 script) => unspent[numbers[script]];

    /// <summary>Sorts what was touched by script and leaves it in the order of the chain otherwise.</summary>
    /// <param name="touches">Script and transaction, in the order of the chain.</param>
    public static ScriptStates Make(Dictionary<Hash256, int> numbers, IReadOnlyList<int> entries, IReadOnlyList<(int Script, int Transaction)> touches, long[] balances, int[] unspent)
    {
        int[] next = new int[entries.Count];
        for (int i = 1; i < next.Length; i++)
            next[i] = next[i - 1] + entries[i - 1];
        int[] transactions = new int[touches.Count];
        foreach ((int script, int transaction) in touches)
            transactions[next[script]++] = transaction;
        // Each has run to its end.
        return new ScriptStates(numbers, next, transactions, balances, unspent);
    }
}
