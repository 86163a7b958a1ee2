// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>An input of a block, and the output that it spends.</summary>
internal readonly record struct LocatedInput(DigestInput Input, OutputLocation Output);

/// <summary>
/// Finds out what the block at the tip has spent, when its undo data are gone: the block names the outpoints, the index
/// knows where they stand, and their transactions, which somebody else has to bring, tell script and value.
/// </summary>
internal sealed class UndoRestorer(IndexStore store, OutputResolver resolver, ReadOptions read, int pruningLimit)
{
    /// <summary>The outputs that the inputs of a block spend.</summary>
    /// <param name="block">The committed tip.</param>
    /// <exception cref="IndexCorruptException">The index does not know a transaction that the block spends from.</exception>
    public List<LocatedInput> Locate(BlockDigest block)
    {
        var located = new List<LocatedInput>(block.Inputs.Length);
        foreach (DigestInput input in block.Inputs)
        {
            OutPoint outPoint = input.PreviousOutput;
            if (!resolver.TryFindTransaction(outPoint.Txid, new TxLocation(block.Height, input.Position), out TxLocation location))
            {
                throw new IndexCorruptException(
                    $"Block {block.Height} spends {outPoint}, a transaction that the index does not know. Restore a copy of the database, or remove it to import again.");
            }

            located.Add(new LocatedInput(input, new OutputLocation(location, (int)outPoint.Index)));
        }

        return located;
    }

    /// <summary>The bytes of a transaction, where the store keeps them.</summary>
    public byte[]? GetStored(TxLocation location) => store.Transactions.Get(location, read);

    public Hash256 GetTxid(TxLocation location) =>
        store.Txids.TryGet(location, read, out Hash256 txid)
            ? txid
            : throw new IndexCorruptException($"The txid of transaction {location.Position} of block {location.Height} is missing from the database.");

    /// <summary>Outputs that became unreachable because the coinbase of the block has the txid of an earlier one.</summary>
    /// <returns>False when it cannot be told any more: spends that would tell may have been pruned.</returns>
    public bool TryFindOverwritten(BlockDigest block, List<UndoEntry> entries)
    {
        bool isImported = store.State.IsImported;
        var coinbase = new TxLocation(block.Height, 0);
        if (!resolver.TryFindTransaction(block.Txids[0], coinbase, out TxLocation earlier) || earlier.Height == 0) return true;
        using Iterator rows = (isImported ? store.Scripts : store.Spends).NewIterator(read);
        foreach (DigestOutput output in block.Outputs)
        {
            if (output.Position != 0) break;
            // Equal txids, equal outputs.
            var location = new OutputLocation(earlier, output.Index);
            if (IsSpent(rows, output.Script, location, coinbase)) continue;
            if (isImported && pruningLimit > 0) return false;
            entries.Add(new UndoEntry(output.Script, location, output.Value, 0, UndoEntry.Overwritten));
        }

        return true;
    }

    private static bool IsSpent(Iterator rows, HashX script, OutputLocation output, TxLocation before)
    {
        ScriptTable.SpentWalk walk = ScriptTable.SpentForwards(rows, script, output.Transaction);
        while (walk.MoveNext() && walk.Current.Spending < before)
        {
            if (walk.Current.Output == output) return true;
        }

        return false;
    }
}
