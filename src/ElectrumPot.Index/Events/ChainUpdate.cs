// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Events;

/// <summary>What changed between two states: the one record that crosses from writing to notifying.</summary>
/// <param name="TipChanged">Height or hash of the tip differs; otherwise only the mempool changed.</param>
/// <param name="Touched">
/// Scripts whose history may have changed, in blocks connected or disconnected or in the mempool. A P2PK output
/// touches the P2PKH script of its key as well, so that address subscriptions learn of new scripts. And the transactions
/// that came, went or changed place, named by <see cref="HashX.OfTxid"/>, and the outputs whose spending transaction did,
/// named by <see cref="HashX.OfOutPoint"/>.
/// </param>
public sealed record ChainUpdate(bool TipChanged, IReadOnlySet<HashX> Touched)
{
    /// <summary>More than the busiest block touches. A long catch-up touches everything that has moved since.</summary>
    private const int MaxNames = 250_000;

    /// <summary>In place of too many names: whoever watches anything has to look. No digest is all zero.</summary>
    public static HashX Everything => default;

    /// <summary>Keeps a set of names from growing with the blocks that it collects from.</summary>
    internal static void Bound(HashSet<HashX> touched)
    {
        if (touched.Count <= MaxNames) return;
        touched.Clear();
        touched.Add(Everything);
    }
}
