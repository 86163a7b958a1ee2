// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>An alias leads from one script to another one.</summary>
internal sealed class AliasCheck(VerificationRun run)
{
    public void Run()
    {
        using TableScan rows = run.Scan(run.Store.Aliases, "aliases");
        while (rows.MoveNext())
        {
            if (rows.Key.Length != 2 * HashX.Size || !rows.Value.IsEmpty)
                run.Findings.Add(AliasTable.Name, $"a row has a key of {rows.Key.Length} and a value of {rows.Value.Length} bytes");
            else if (rows.Key[..HashX.Size].SequenceEqual(rows.Key[HashX.Size..]))
                run.Findings.Add(AliasTable.Name, $"script {RowCodec.ReadHashX(rows.Key)} is an alias of itself");
        }
    }
}
