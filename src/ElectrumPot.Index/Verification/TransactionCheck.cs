// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>Stored transactions are those of their places: they hash to the txids there.</summary>
internal sealed class TransactionCheck(VerificationRun run, Coin coin)
{
    public void Run()
    {
        using TableScan rows = run.Scan(run.Store.Transactions, "stored transactions");
        while (rows.MoveNext())
        {
            if (rows.Key.Length != RowCodec.LocationSize)
            {
                run.Findings.Add(TransactionTable.Name, $"a key has {rows.Key.Length} bytes");
                continue;
            }

            TxLocation location = RowCodec.ReadLocation(rows.Key);
            if (!run.Store.Txids.TryGet(location, run.LookupRead, out Hash256 txid))
                run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(location)} is stored, but there is no such transaction");
            else if (!HashesTo(rows.Value, txid))
                run.Findings.Add(TransactionTable.Name, $"{StoredRows.Describe(location)} is stored, but its bytes are not those of {txid}");
        }
    }

    private bool HashesTo(ReadOnlySpan<byte> raw, Hash256 txid)
    {
        try
        {
            return TransactionReader.Read(raw, coin.TransactionFormat, out int length).ComputeTxid() == txid && length == raw.Length;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }
}
