// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>Each txid has exactly its row in the table of locations, and that table has no other.</summary>
internal sealed class LocationCheck(VerificationRun run, BlockCheck blocks)
{
    public void Run()
    {
        RowSum found = default;
        bool isComplete;
        using (TableScan rows = run.Scan(run.Store.Locations, "locations"))
        {
            while (rows.MoveNext())
            {
                found.Add(run.Hash.Of(rows.Key));
                if (rows.Key.Length != LocationTable.KeySize || !rows.Value.IsEmpty)
                    run.Findings.Add(LocationTable.Name, $"a row has a key of {rows.Key.Length} and a value of {rows.Value.Length} bytes");
            }

            isComplete = rows.IsComplete;
        }

        if (!isComplete || !blocks.IsComplete || found == blocks.Locations) return;
        long before = run.Findings.Count;
        NameStrangers();
        NameMissing();
        if (run.Findings.Count == before)
            run.Findings.Add(LocationTable.Name, $"there are {found.Rows} rows for {blocks.Locations.Rows} txids, and they are not the same");
    }

    private void NameStrangers()
    {
        using TableScan rows = run.Scan(run.Store.Locations, "locations: seeking what is wrong");
        while (!run.Findings.IsFull(LocationTable.Name) && rows.MoveNext())
        {
            if (rows.Key.Length != LocationTable.KeySize) continue;
            TxLocation location = RowCodec.ReadLocation(rows.Key[LocationTable.PrefixSize..]);
            bool isThere = run.Store.Txids.TryGet(location, run.LookupRead, out Hash256 txid);
            if (!isThere || !txid.Bytes.StartsWith(rows.Key[..LocationTable.PrefixSize]))
            {
                run.Findings.Add(
                    LocationTable.Name,
                    $"a row leads from a txid that begins with {Convert.ToHexStringLower(rows.Key[..LocationTable.PrefixSize])} (internal order) to "
                    + $"{StoredRows.Describe(location)}, {(isThere ? $"which is {txid}" : "which does not exist")}");
            }
        }
    }

    private void NameMissing()
    {
        Span<byte> key = stackalloc byte[LocationTable.KeySize];
        using TableScan rows = run.Scan(run.Store.Txids, "locations: seeking what is missing");
        while (!run.Findings.IsFull(LocationTable.Name) && rows.MoveNext())
        {
            if (rows.Key.Length != TxidTable.KeySize || rows.Value.Length % Hash256.Size != 0) continue;
            ReadOnlySpan<Hash256> txids = MemoryMarshal.Cast<byte, Hash256>(rows.Value);
            for (int i = 0; i < txids.Length; i++)
            {
                TxLocation location = TxidTable.ReadLocation(rows.Key, i);
                LocationTable.WriteKey(key, txids[i], location);
                using PinnedValue row = run.Store.Locations.GetRow(key, run.LookupRead);
                if (!row.IsFound)
                    run.Findings.Add(LocationTable.Name, $"{txids[i]}, {StoredRows.Describe(location)}, has no row");
            }
        }
    }
}
