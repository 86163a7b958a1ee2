// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;

namespace ElectrumPot.Tests.Index;

/// <summary>What the index should say of any output there ever was; a look at some of them each time.</summary>
internal static class OutpointModel
{
    private const int OneIn = 8;

    public static void Check(
        ChainView view, NaiveChain naive, IReadOnlyList<ModelBlock> blocks, List<ModelTransaction> mempool, int limit, Random random)
    {
        HashSet<Hash256> pending = [.. mempool.Select(transaction => transaction.Txid)];
        Dictionary<OutPoint, ModelTransaction> spenders = mempool
            .SelectMany(transaction => transaction.Inputs.Select(input => (input, transaction))).ToDictionary(pair => pair.input, pair => pair.transaction);
        foreach ((OutPoint output, (byte[] script, _, TxLocation location)) in naive.Unspent)
        {
            if (random.Next(OneIn) > 0) continue;
            Status(view, output, script).ShouldBe(WithSpender(new OutpointStatus(location.Height), output));
        }

        foreach (ModelTransaction transaction in mempool)
        {
            for (int index = 0; index < transaction.Outputs.Count; index++)
            {
                var output = new OutPoint(transaction.Txid, (uint)index);
                Status(view, output, transaction.Outputs[index].Script).ShouldBe(
                    ModelScripts.IsIndexed(transaction.Outputs[index]) ? WithSpender(new OutpointStatus(HeightOf(transaction)), output) : OutpointStatus.Unknown);
            }
        }

        // Of a repeated coinbase only the last one can be asked for.
        foreach ((OutPoint output, byte[] script, OutpointStatus status, bool isRecent) in naive.SpentOutputs(limit))
        {
            if (random.Next(OneIn) > 0 || naive.Find(output.Txid)!.Value.Height != status.FunderHeight || naive.Unspent.ContainsKey(output)) continue;
            OutpointStatus answer = Status(view, output, script);
            if (isRecent || answer != OutpointStatus.Unknown) answer.ShouldBe(status);
        }

        Status(view, new OutPoint(blocks[^1].Hash, 0), []).ShouldBe(OutpointStatus.Unknown);
        Status(view, new OutPoint(blocks[^1].Transactions[0].Txid, 999), []).ShouldBe(OutpointStatus.Unknown);
        Status(view, new OutPoint(blocks[^1].Transactions[0].Txid, int.MaxValue), []).ShouldBe(OutpointStatus.Unknown);
        view.Mempool.Recent.Select(entry => entry.Txid).ShouldBeSubsetOf(pending);
        view.Mempool.Recent.Count.ShouldBe(Math.Min(10, pending.Count));

        OutpointStatus WithSpender(OutpointStatus status, OutPoint output) =>
            spenders.TryGetValue(output, out ModelTransaction? spender) ? status with { Spender = spender.Txid, SpenderHeight = HeightOf(spender) } : status;

        int HeightOf(ModelTransaction transaction) => transaction.Inputs.Any(input => pending.Contains(input.Txid)) ? -1 : 0;
    }

    private static OutpointStatus Status(ChainView view, OutPoint output, byte[] script)
    {
        view.TryGetOutpointStatus(output, HashX.OfScript(script), 100_000, out OutpointStatus status, out _).ShouldBeTrue();
        return status;
    }
}
