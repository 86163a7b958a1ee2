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
        // To nobody's address: thousands of small coins would make every payment of the daemon's wallet slow.
        await Daemon.MineToDescriptorAsync("raw(51)", LegacyHeaders.ChunkSize - 40 - await Daemon.HeightAsync());
        await Server.CatchUpAsync(Daemon);
    }
}
