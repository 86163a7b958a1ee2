// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Stored transactions are those of their places, for they hash to the txids there; and they are all there, or none where
/// the database is to have none.
/// </summary>
internal sealed class TransactionCheck(VerificationRun run, Coin coin)
{
    public void Run()
    {
        bool isKept = run.Store.State.StoresTransactions;
        var next = new TxLocation(0, 0);
        using var outputs = new StoredOutputCheck(run);
        using TableScan rows = run.Scan(run.Store.Transactions, "stored transactions");
        while (rows.MoveNext())
        {
            if (rows.Key.Length != RowCodec.LocationSize)
            {
                run.Findings.Add(TransactionTable.Name, $"a key has {rows.Key.Length} bytes");
                continue;
            }

            TxLocation location = RowCodec.ReadLocation(rows.Key);
            if (!isKept)
                run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(location)} is stored in a database without transactions");
            else if (!run.Store.Txids.TryGet(location, run.LookupRead, out Hash256 txid))
                run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(location)} is stored, but there is no such transaction");
            else if (!TryCheck(location, rows.Value, txid, outputs))
                run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(location)} is stored, but its bytes are not those of {txid}");
            if (isKept) next = NameMissing(next, location);
        }

        if (isKept && rows.IsComplete) NameMissing(next, new TxLocation(run.TransactionCounts.Count, 0));
    }

    /// <param name="next">What should have come.</param>
    /// <param name="found">What came instead, or is it.</param>
    /// <returns>What comes after it.</returns>
    private TxLocation NameMissing(TxLocation next, TxLocation found)
    {
        while (next < found && next.Height < run.TransactionCounts.Count)
        {
            if (run.TransactionCounts[next.Height] <= next.Position)
            {
                next = new TxLocation(next.Height + 1, 0);
                continue;
            }

            run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(next)} is not stored");
            next = next with { Position = next.Position + 1 };
        }

        return next < found ? next : found with { Position = found.Position + 1 };
    }

    /// <returns>False when the bytes are not those of the transaction.</returns>
    private bool TryCheck(TxLocation location, ReadOnlySpan<byte> raw, Hash256 txid, StoredOutputCheck outputs)
    {
        try
        {
            TransactionView transaction = TransactionReader.ReadWhole(raw, coin.TransactionFormat);
            if (transaction.ComputeTxid() != txid) return false;
            outputs.Check(location, transaction);
            return true;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }
}
