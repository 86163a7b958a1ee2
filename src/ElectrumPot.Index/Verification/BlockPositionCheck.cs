// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Positions in the daemon's block files are hints, which every reader compares with the block hash: that they are
/// readable and of blocks up to the tip is all that has to hold.
/// </summary>
internal sealed class BlockPositionCheck(VerificationRun run)
{
    public void Run()
    {
        using TableScan rows = run.Scan(run.Store.Blocks, "positions of blocks");
        while (rows.MoveNext())
        {
            int height = rows.Key.Length == RowCodec.HeightSize ? RowCodec.ReadHeight(rows.Key) : -1;
            if (height < 0)
                run.Findings.Add(BlockTable.Name, $"the key {Convert.ToHexStringLower(rows.Key)} is no height");
            else if (height > run.Tip.Height)
                run.Findings.Add(BlockTable.Name, $"block {height} has a position, above the tip {run.Tip.Height}");
            else if (!StoredRows.IsBlockPosition(rows.Value))
                run.Findings.Add(BlockTable.Name, $"the position of block {height} is malformed: {Convert.ToHexStringLower(rows.Value)}");
        }
    }
}
