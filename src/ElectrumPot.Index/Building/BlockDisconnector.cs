// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>Turns the block at the tip into the rows that take it back.</summary>
internal sealed class BlockDisconnector(IndexStore store, ReadOptions read)
{
    /// <param name="undo">What the block has spent.</param>
    /// <param name="spends">Rows of the table that has the spends.</param>
    /// <param name="withScripts">Whether unspent outputs are kept by script as well.</param>
    /// <param name="touched">Collects the scripts, the transactions and the spent outputs of the block.</param>
    public void Disconnect(
        int height, int transactionCount, List<UndoEntry> undo, RowSet rows, RowBuffer spends, bool withScripts, HashSet<HashX> touched)
    {
        foreach (UndoEntry entry in undo)
        {
            touched.Add(entry.Script);
            if (entry.InputIndex != UndoEntry.Overwritten)
            {
                touched.Add(NameOf(entry.Output));
                ScriptTable.DeleteSpent(spends, entry.Script, new TxLocation(height, entry.Position), entry.InputIndex);
            }

            // What the block itself created goes with it.
            if (entry.Output.Transaction.Height == height) continue;
            OutputTable.Put(rows.Outputs, entry.Output, new OutputValue(entry.Script, entry.Value));
            if (withScripts)
                ScriptTable.PutUnspent(rows.Scripts, entry.Script, entry.Output, entry.Value);
        }

        foreach ((OutputLocation output, OutputValue value) in store.Outputs.GetCreatedAt(height, read))
        {
            touched.Add(value.Script);
            OutputTable.Delete(rows.Outputs, output);
            if (withScripts)
                ScriptTable.DeleteUnspent(rows.Scripts, value.Script, output);
        }

        bool hasTransactions = store.State.StoresTransactions;
        Hash256[] txids = store.Txids.GetBlock(height, transactionCount, read);
        for (int position = 0; position < txids.Length; position++)
        {
            var location = new TxLocation(height, position);
            touched.Add(HashX.OfTxid(txids[position]));
            LocationTable.Delete(rows.Locations, txids[position], location);
            if (hasTransactions)
                TransactionTable.Delete(rows.Transactions, location);
        }

        TxidTable.Delete(rows.Txids, height, transactionCount);
        HeaderTable.Delete(rows.Headers, height);
        UndoTable.Delete(rows.Undo, height);
        BlockTable.Delete(rows.Blocks, height);
    }

    /// <exception cref="IndexCorruptException">There is no such transaction.</exception>
    public HashX NameOf(OutputLocation output) =>
        store.Txids.TryGet(output.Transaction, read, out Hash256 txid)
            ? HashX.OfOutPoint(new OutPoint(txid, (uint)output.Index))
            : throw new IndexCorruptException(
                $"The txid of transaction {output.Transaction.Position} of block {output.Transaction.Height} is missing from the database.");
}
