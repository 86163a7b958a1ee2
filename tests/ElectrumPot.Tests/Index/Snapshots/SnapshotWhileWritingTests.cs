// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Snapshots;

public sealed class SnapshotWhileWritingTests
{
    private const int Snapshots = 12;

    /// <summary>
    /// A thread connects and disconnects blocks without a pause, so that copies are made between any two of its commits and
    /// within them. Each copy has to be at a block, whole.
    /// </summary>
    [Fact]
    public async Task A_snapshot_made_while_blocks_come_and_go_is_at_a_block_and_whole()
    {
        using var fixture = new SnapshotFixture(blocks: 20, pruningLimit: 3);
        var chains = new ConcurrentDictionary<Hash256, ModelBlock[]>();
        // Going back may lead below the blocks of the beginning.
        foreach (ModelBlock block in fixture.Chain.Blocks)
            chains[block.Hash] = [.. fixture.Chain.Blocks.Take(block.Height + 1)];
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(() => Write(fixture, chains, stop.Token), TestContext.Current.CancellationToken);
        var seen = new HashSet<Hash256>();
        for (int i = 0; i < Snapshots; i++)
        {
            int commits = chains.Count;
            byte[] archive = fixture.Take();
            IndexOptions target = fixture.Target with { Path = Path.Combine(fixture.Folder, $"copy{i}") };
            SnapshotManifest manifest = await fixture.RestoreAsync(archive, target);

            using ChainIndex restored = ChainIndex.Open(target);
            SnapshotChecks.ShouldBeWhole(restored, chains[Hash256.Parse(manifest.Hash)], pruningLimit: 3);
            seen.Add(Hash256.Parse(manifest.Hash));
            // The writer has gone on meanwhile, or else this would test nothing.
            SpinWait.SpinUntil(() => chains.Count > commits || writing.IsCompleted, TimeSpan.FromSeconds(30)).ShouldBeTrue();
            writing.IsCompleted.ShouldBeFalse(writing.Exception?.ToString());
        }

        await stop.CancelAsync();
        await writing;
        seen.Count.ShouldBeGreaterThan(Snapshots / 2);
    }

    private static void Write(SnapshotFixture fixture, ConcurrentDictionary<Hash256, ModelBlock[]> chains, CancellationToken stop)
    {
        var random = new Random(5);
        while (!stop.IsCancellationRequested)
        {
            bool goesBack = random.Next(4) == 0 || fixture.Chain.Blocks.Count > 120;
            int depth = goesBack ? random.Next(1, Math.Min(10, fixture.Chain.Blocks.Count - 1)) : 0;
            for (int i = 0; i < depth; i++)
            {
                fixture.Source.Index.Writer.TryDisconnect([]).ShouldBeTrue();
                fixture.Chain.RemoveBlocks(1);
            }

            for (int i = 0; i < 3; i++)
            {
                ModelBlock block = fixture.Chain.AddBlock();
                chains[block.Hash] = [.. fixture.Chain.Blocks];
                fixture.Source.Connect(block);
                fixture.Source.Index.Writer.Commit(isDurable: false);
            }
        }
    }
}
