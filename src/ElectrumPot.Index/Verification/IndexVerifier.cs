// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>The order of the checks: later ones rely on what earlier ones have found.</summary>
internal sealed class IndexVerifier(IndexStore store, Coin coin)
{
    public VerificationReport Run(long memory, Action<VerificationProgress>? progress, CancellationToken cancellation)
    {
        using var run = new VerificationRun(store, memory, progress, cancellation);
        bool isImported = store.State.IsImported;
        // Until the import ends the spends wait in a table of their own, and that of the scripts means nothing.
        ScriptTable spends = isImported ? store.Scripts : store.Spends;

        Check(run, store.State, new StateCheck(run).Run);
        var blocks = new BlockCheck(run);
        Check(run, store.Headers, blocks.Run);
        Check(run, store.Locations, new LocationCheck(run, blocks).Run);

        var uses = new OutputUses(run.Hash, memory);
        var undo = new UndoCheck(run);
        Check(run, store.Undo, undo.Run);
        var outputs = new OutputCheck(run, uses);
        Check(run, store.Outputs, outputs.Run);
        var scripts = new ScriptCheck(run, uses, spends, undo.FirstHeight);
        Check(run, spends, scripts.Run);
        if (isImported)
            Check(run, store.Outputs, new UnspentCheck(run, outputs, scripts).Run);
        Check(run, spends, new UseCheck(run, uses, spends).Run);
        Check(run, store.Undo, () => undo.Compare(scripts));

        Check(run, store.Aliases, new AliasCheck(run).Run);
        Check(run, store.Blocks, new BlockPositionCheck(run).Run);
        Check(run, store.Transactions, new TransactionCheck(run, coin).Run);
        return new VerificationReport(
            run.Tip.Height, run.Tip.Hash, run.Tip.Transactions, isImported, undo.UndoableBlocks, run.Tables, run.Findings.Shown, run.Findings.Count);
    }

    /// <summary>A look-up may meet damage that a pass over the table names as well; the other checks go on.</summary>
    private static void Check(VerificationRun run, Table table, Action check)
    {
        try
        {
            check();
        }
        catch (RocksDbException error) when (error.Kind == RocksDbErrorKind.Corruption)
        {
            run.Findings.Add(table.FamilyName, $"cannot be compared with other tables: {error.Message}");
        }
    }
}
