// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>What one view has read and the next ones need not read again.</summary>
internal sealed class SharedReads(IndexOptions options)
{
    public HeaderTree HeaderTree { get; } = new();

    public HistoryCache Histories { get; } = new(options.AnswerCacheBytes / 8 * 3);

    public TxidCache Txids { get; } = new(options.AnswerCacheBytes / 8 * 3);

    public BlockTreeCache BlockTrees { get; } = new(options.AnswerCacheBytes / 4);

    /// <summary>Before a new state is shown.</summary>
    /// <param name="sequence">Of the new state.</param>
    /// <param name="touched">What it changes.</param>
    /// <param name="isReorganised">Whether it lacks blocks of the state before.</param>
    public void Advance(long sequence, IReadOnlySet<HashX> touched, bool isReorganised)
    {
        // An index that was built anew has blocks that touched nothing, and is not told apart here.
        Histories.Advance(sequence, touched, isAll: isReorganised);
        if (isReorganised) BlockTrees.Leave();
    }
}
