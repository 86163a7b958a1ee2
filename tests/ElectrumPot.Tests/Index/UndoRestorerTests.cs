// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>Undo data that are made once more equal those that were kept, also where coinbases share a txid.</summary>
public sealed class UndoRestorerTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 3)]
    [InlineData(1, 4)]
    [InlineData(3, 5)]
    public void Restored_undo_data_equal_the_kept_ones(int pruningLimit, int seed)
    {
        const int Blocks = 120;
        using var fixture = new IndexFixture(pruningLimit, reorgLimit: Blocks);
        var chain = new RandomChain(seed);
        for (int i = 0; i < Blocks; i++)
            fixture.ConnectAndPublish(chain.AddBlock());

        var digester = new BlockDigester(IndexFixture.Potcoin);
        IndexWriter writer = fixture.Index.Writer;
        int overwritten = 0;
        int unknown = 0;
        for (int height = Blocks - 1; height > 0; height--)
        {
            List<UndoEntry> kept = writer.GetSpent(height).ShouldNotBeNull();
            BlockDigest block = digester.Digest(height, chain.Blocks[height].Raw);
            var entries = new List<UndoEntry>();
            if (writer.Restorer.TryFindOverwritten(block, entries))
            {
                overwritten += entries.Count;
                entries.AddRange(writer.Restorer.Locate(block).Where(input => IsIndexed(chain, input.Output)).Select(input => EntryOf(chain, input)));
                entries.ShouldBe(kept);
                writer.TryDisconnect([], entries).ShouldBeTrue();
            }
            else
            {
                unknown++;
                writer.TryDisconnect([]).ShouldBeTrue();
            }
        }

        if (pruningLimit == 0) (overwritten, unknown).ShouldSatisfyAllConditions(pair => pair.overwritten.ShouldBeGreaterThan(0), pair => pair.unknown.ShouldBe(0));
        else unknown.ShouldBeGreaterThan(0);
    }

    private static bool IsIndexed(RandomChain chain, OutputLocation output) =>
        output.Transaction.Height > 0 && ModelScripts.IsIndexed(OutputOf(chain, output));

    private static UndoEntry EntryOf(RandomChain chain, LocatedInput input)
    {
        ModelOutput output = OutputOf(chain, input.Output);
        return new UndoEntry(HashX.OfScript(output.Script), input.Output, output.Value, input.Input.Position, input.Input.Index);
    }

    private static ModelOutput OutputOf(RandomChain chain, OutputLocation output) =>
        chain.Blocks[output.Transaction.Height].Transactions[output.Transaction.Position].Outputs[output.Index];
}
