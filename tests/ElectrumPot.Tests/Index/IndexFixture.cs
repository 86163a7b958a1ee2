// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Tests.Index.Model;

namespace ElectrumPot.Tests.Index;

/// <summary>An index in a folder of its own, written to directly.</summary>
internal sealed class IndexFixture : IDisposable
{
    public static readonly Coin Potcoin = CoinRegistry.BuiltIn.Get("potcoin");

    private readonly BlockDigester _digester = new(Potcoin);

    /// <param name="isImported">What is written directly is written as while following; else as in the first import.</param>
    public IndexFixture(int pruningLimit = 100, int reorgLimit = 100, bool isImported = true)
    {
        Options = new IndexOptions
        {
            Coin = Potcoin,
            Path = Directory.CreateTempSubdirectory("electrum-pot-index-").FullName,
            PruningLimit = pruningLimit,
            ReorgLimit = reorgLimit,
            CacheBytes = 4 << 20,
        };
        Index = ChainIndex.Open(Options);
        if (isImported)
            Index.Writer.CompleteImport(CancellationToken.None);
    }

    public IndexOptions Options { get; private set; }

    public ChainIndex Index { get; private set; }

    public void Connect(ModelBlock block, bool keepUndo = true, HashSet<HashX>? touched = null) =>
        Index.Writer.Connect(_digester.Digest(block.Height, block.Raw), keepUndo, touched);

    /// <summary>One commit a block, as while following the chain.</summary>
    public void ConnectAndPublish(params IEnumerable<ModelBlock> blocks)
    {
        HashSet<HashX> touched = [];
        foreach (ModelBlock block in blocks)
        {
            Connect(block, touched: touched);
            Index.Writer.Commit(isDurable: false);
        }

        Index.Publish(touched);
    }

    public void Reopen(Func<IndexOptions, IndexOptions>? change = null)
    {
        Index.Dispose();
        Options = change?.Invoke(Options) ?? Options;
        Index = ChainIndex.Open(Options);
    }

    public void Dispose()
    {
        Index.Dispose();
        Directory.Delete(Options.Path, recursive: true);
    }
}
