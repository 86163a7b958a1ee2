// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;

namespace ElectrumPot.Tests.Index;

/// <summary>Who funds and who spends some of the outputs at one moment, to be compared with a later one.</summary>
internal sealed class OutputStatuses
{
    private const int OneIn = 4;

    private readonly ChainIndex _index;
    private readonly Dictionary<OutPoint, (HashX Script, OutpointStatus Status)> _before = [];

    public OutputStatuses(ChainIndex index, IReadOnlyList<ModelBlock> blocks, List<ModelTransaction> mempool)
    {
        _index = index;
        // Another quarter each time.
        int chosen = blocks.Count % OneIn;
        using ChainView view = _index.AcquireView();
        foreach (ModelTransaction transaction in blocks.SelectMany(block => block.Transactions).Concat(mempool))
        {
            for (int i = 0; i < transaction.Outputs.Count; i++)
            {
                var output = new OutPoint(transaction.Txid, (uint)i);
                HashX script = HashX.OfScript(transaction.Outputs[i].Script);
                if (transaction.Txid.Bytes[0] % OneIn == chosen) _before[output] = (script, StatusOf(view, output, script));
            }
        }
    }

    public void EveryChangeShouldBeTouched(HashSet<HashX> touched)
    {
        using ChainView view = _index.AcquireView();
        foreach ((OutPoint output, (HashX script, OutpointStatus before)) in _before)
        {
            OutpointStatus status = StatusOf(view, output, script);
            if (status == before || IsPruned(view, before, status)) continue;
            (touched.Contains(HashX.OfTxid(output.Txid)) || touched.Contains(HashX.OfOutPoint(output))).ShouldBeTrue($"{output}: {before} became {status}");
        }
    }

    /// <summary>A spend may be pruned, or be shown again because later ones were undone, while it stays where it is.</summary>
    private static bool IsPruned(ChainView view, OutpointStatus before, OutpointStatus status)
    {
        OutpointStatus shown = before == OutpointStatus.Unknown ? status : before;
        return (before == OutpointStatus.Unknown || status == OutpointStatus.Unknown)
            && shown is { Spender: { } spender, SpenderHeight: > 0 }
            && view.TryFindTransaction(spender, out TxLocation location) && location.Height == shown.SpenderHeight;
    }

    private static OutpointStatus StatusOf(ChainView view, OutPoint output, HashX script)
    {
        view.TryGetOutpointStatus(output, script, 100_000, out OutpointStatus status).ShouldBeTrue();
        return status;
    }
}
