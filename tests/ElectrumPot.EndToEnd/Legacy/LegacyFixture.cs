// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Answers;

namespace ElectrumPot.EndToEnd.Legacy;

[CollectionDefinition(nameof(LegacyFixture))]
public sealed class LegacyCollection : ICollectionFixture<LegacyFixture>;

/// <summary>A chain that ends just below its second header chunk, so that the tests can grow it across.</summary>
public sealed class LegacyFixture() : LitecoinFixture(pruningLimit: 100)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        string miner = await Daemon.NewAddressAsync();
        await Daemon.MineAsync(LegacyHeaders.ChunkSize - 40 - await Daemon.HeightAsync(), miner);
        await Server.CatchUpAsync(Daemon);
    }
}
