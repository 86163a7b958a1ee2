// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>How a server has left its store.</summary>
/// <param name="IsPruningDue">A lowered limit has not been applied to the end.</param>
/// <param name="IsWithinCommit">A commit of the import was on its way.</param>
internal sealed record StoreState(int Height, bool IsPruningDue, bool IsWithinCommit);

/// <summary>
/// A store that nothing ever happens to: built in this process from the node's blocks, forwards only, with all undo data
/// and all spends. Made anew when another chain is asked for than the one it stands on.
/// </summary>
internal sealed class ReferenceStore(DevNode node) : IDisposable
{
    private static readonly Coin Potcoin = CoinRegistry.BuiltIn.Get("potcoin");

    private readonly BlockDigester _digester = new(Potcoin);
    private readonly HashSet<string> _aliases = [];
    private TemporaryFolder? _folder;
    private IndexStore? _store;
    private IndexWriter? _writer;

    /// <summary>Of every block that was ever indexed here, as keys of the table.</summary>
    public IReadOnlySet<string> Aliases => _aliases;

    /// <summary>Holds what a server has left behind against this store at the same block. Looks at a copy, so that the server finds everything as it was.</summary>
    public StoreState ShouldEqual(Victim victim)
    {
        using var copy = new TemporaryFolder("left");
        if (Directory.Exists(victim.IndexFolderFromHere)) CopyFolder(victim.IndexFolderFromHere, copy.Path);
        bool isWithinCommit = Directory.Exists(copy["staging"]);
        using IndexStore store = IndexStore.Open(Options(copy.Path, victim.PruningLimit) with { StoreTransactions = victim.StoresTransactions });
        var bounds = new StoreBounds(victim.PruningLimit, victim.HighestTip - Victim.ReorgLimit, victim.StoresTransactions, victim.LastLostSpend);
        StoreFingerprint.ShouldBeEqual(new StoreContent(store, bounds), new StoreContent(At(store.State.Tip.Hash), bounds), Aliases);
        victim.IsImported = store.State.IsImported;
        return new StoreState(store.State.Tip.Height, store.State.IsPruningDue, isWithinCommit);
    }

    /// <param name="tip">A block that the node has or had; zero for an empty store.</param>
    /// <returns>The store at this tip; valid until the next call.</returns>
    public IndexStore At(Hash256 tip)
    {
        List<DevBlock> path = PathTo(tip);
        if (_writer is null || !Continues(path)) Restart();
        foreach (DevBlock block in path.Skip(_writer!.Tip.Height + 1))
        {
            _writer.Connect(Learn(block), keepUndo: true, touched: null);
            _writer.CommitWhenFull();
        }

        _writer.Commit(isDurable: false);
        return _store!;
    }

    /// <summary>Takes note of blocks that a server may have seen before they became stale.</summary>
    public void LearnStale(IEnumerable<DevBlock> blocks)
    {
        foreach (DevBlock block in blocks) Learn(block);
    }

    public void Dispose() => Close();

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.GetDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static IndexOptions Options(string path, int pruningLimit) => new()
    {
        Coin = Potcoin,
        Path = path,
        PruningLimit = pruningLimit,
        ReorgLimit = 1_000_000,
        CacheBytes = 16 << 20,
        StoreTransactions = true,
    };

    private List<DevBlock> PathTo(Hash256 tip)
    {
        var path = new List<DevBlock>();
        for (Hash256 hash = tip; hash != Hash256.Zero; hash = path[^1].Header.PreviousHash)
            path.Add(node.Chain.FindBlock(hash) ?? throw new ShouldAssertException($"the node never had the block {hash}"));
        path.Reverse();
        return path;
    }

    private bool Continues(List<DevBlock> path) =>
        _writer!.Tip.Height < path.Count && (_writer.Tip.Height < 0 || path[_writer.Tip.Height].Hash == _writer.Tip.Hash);

    private BlockDigest Learn(DevBlock block)
    {
        BlockDigest digest = _digester.Digest(new SourceBlock(block.Height, block.Hash, block.Raw), withRaw: true);
        foreach (ScriptAlias alias in digest.Aliases)
        {
            byte[] key = new byte[2 * HashX.Size];
            alias.AddressScript.CopyTo(key);
            alias.Script.CopyTo(key.AsSpan(HashX.Size));
            _aliases.Add(Convert.ToHexString(key));
        }

        return digest;
    }

    private void Restart()
    {
        Close();
        _folder = new TemporaryFolder("reference");
        IndexOptions options = Options(_folder["index"], pruningLimit: 0);
        _store = IndexStore.Open(options);
        _writer = new IndexWriter(_store, options);
    }

    private void Close()
    {
        _writer?.Dispose();
        _store?.Dispose();
        _folder?.Dispose();
        _writer = null;
    }
}
