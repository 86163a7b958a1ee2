// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

public sealed class IndexChainSourceTests
{
    [Fact]
    public async Task States_are_shared_while_they_are_the_newest_and_their_numbers_grow()
    {
        using var fixture = new IndexFixture();
        var chain = new RandomChain(seed: 1);
        var source = new IndexChainSource(fixture.Index);
        fixture.ConnectAndPublish(chain.AddBlock(), chain.AddBlock());
        await source.NextUpdateAsync(TestContext.Current.CancellationToken);

        using IChainSnapshot first = source.Acquire();
        using IChainSnapshot again = source.Acquire();
        again.Sequence.ShouldBe(first.Sequence);
        first.Height.ShouldBe(1);

        fixture.ConnectAndPublish(chain.AddBlock());
        using IChainSnapshot second = source.Acquire();
        second.Sequence.ShouldBeGreaterThan(first.Sequence);
        (first.Height, second.Height).ShouldBe((1, 2));
        second.TipHash.ShouldBe(chain.TipHash);
        // The older one still answers.
        first.TryGetHeader(1, new byte[BlockHeader.Size]).ShouldBeTrue();
        first.TryGetHeader(2, new byte[BlockHeader.Size]).ShouldBeFalse();
        (await source.NextUpdateAsync(TestContext.Current.CancellationToken)).TipChanged.ShouldBeTrue();
    }

    [Fact]
    public void Scripts_and_addresses_answer_as_the_view_does()
    {
        using var fixture = new IndexFixture();
        var chain = new RandomChain(seed: 2);
        fixture.ConnectAndPublish(Enumerable.Range(0, 30).Select(_ => chain.AddBlock()));
        using IChainSnapshot snapshot = new IndexChainSource(fixture.Index).Acquire();
        using ChainView view = fixture.Index.AcquireView();
        int entries = 0;
        foreach ((byte[] canonical, _) in ModelScripts.Addresses)
        {
            snapshot.TryGetHistory(snapshot.ResolveAddress(canonical), 1000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            view.TryGetHistory(view.ResolveAddress(canonical), 1000, out IReadOnlyList<HistoryEntry>? expected).ShouldBeTrue();
            history.ShouldBe(expected);
            entries += history.Count;
        }

        entries.ShouldBeGreaterThan(0);
    }
}
