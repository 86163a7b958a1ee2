// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>The database says what it is.</summary>
internal sealed class StateCheck(VerificationRun run)
{
    public void Run()
    {
        // Each row has been read by name before; this reads them all, for their checksums.
        using (TableScan rows = run.Scan(run.Store.State, "state"))
        {
            while (rows.MoveNext()) continue;
        }

        StateTable state = run.Store.State;
        // Nothing was ever written to it.
        if (state.Schema == 0 && run.Tip.Height < 0) return;
        if (state.Schema != IndexStore.Schema) run.Findings.Add(StateTable.Name, $"the schema is {state.Schema}");
        if (state.Genesis is null) run.Findings.Add(StateTable.Name, "the genesis block is not named");
        if (state.PruningLimit < 0) run.Findings.Add(StateTable.Name, $"the pruning limit is {state.PruningLimit}");
        if (run.Tip.Height < -1) run.Findings.Add(StateTable.Name, $"the tip is at height {run.Tip.Height}");
    }
}
