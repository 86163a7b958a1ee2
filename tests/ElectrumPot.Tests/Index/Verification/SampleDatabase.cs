// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Verification;
using ElectrumPot.Tests.Index.Model;

namespace ElectrumPot.Tests.Index.Verification;

/// <summary>A database of a random chain, made as a server makes it: imported, followed, reorganised.</summary>
internal sealed class SampleDatabase : IDisposable
{
    public const int ReorgLimit = 8;

    private readonly BlockDigester _digester = new(IndexFixture.Potcoin);
    private readonly RandomChain _chain;

    public SampleDatabase(int seed, int pruningLimit = 3)
    {
        _chain = new RandomChain(seed);
        Random = new Random(seed);
        // Its first block is as random as the others.
        _chain.AddBlock();
        Options = new IndexOptions
        {
            Coin = IndexFixture.Potcoin with { GenesisHash = _chain.TipHash },
            Path = Directory.CreateTempSubdirectory("electrum-pot-verify-").FullName,
            PruningLimit = pruningLimit,
            ReorgLimit = ReorgLimit,
            CacheBytes = 4 << 20,
            ImportBufferBytes = 8_000,
            StoreTransactions = true,
        };
    }

    public IndexOptions Options { get; set; }

    public string Path => Options.Path;

    public Random Random { get; }

    public IReadOnlyList<ModelBlock> Blocks => _chain.Blocks;

    /// <summary>Opens the index, works with it and closes it.</summary>
    public void Use(Action<IndexWriter> work)
    {
        using ChainIndex index = ChainIndex.Open(Options);
        work(index.Writer);
    }

    /// <param name="complete">Whether the import ends with it.</param>
    public void Import(int blocks, bool complete = true) => Use(writer =>
    {
        for (int i = 0; i < blocks; i++)
        {
            writer.Connect(Digest(i == 0 ? _chain.Blocks[0] : _chain.AddBlock()), keepUndo: i >= blocks - ReorgLimit, touched: null);
            writer.CommitWhenFull();
        }

        writer.Commit(isDurable: false);
        if (complete) writer.CompleteImport(CancellationToken.None);
    });

    public void Follow(int blocks) => Use(writer => Connect(writer, blocks, keepUndo: true));

    public void Reorganise(int depth) => Use(writer =>
    {
        for (int i = 0; i < depth; i++)
        {
            if (!writer.TryDisconnect([])) throw new InvalidOperationException($"Block {writer.Tip.Height} cannot be undone.");
        }

        _chain.RemoveBlocks(depth);
        Connect(writer, depth + 1, keepUndo: true);
    });

    /// <summary>Blocks that came while the server was away, the deep ones without undo data.</summary>
    public void CatchUp(int blocks) => Use(writer =>
    {
        for (int i = 0; i < blocks; i++)
            writer.Connect(Digest(_chain.AddBlock()), keepUndo: i >= blocks - ReorgLimit, []);
        writer.Commit(isDurable: false);
    });

    /// <summary>One commit a block.</summary>
    public void Connect(IndexWriter writer, int blocks, bool keepUndo)
    {
        for (int i = 0; i < blocks; i++)
        {
            writer.Connect(Digest(_chain.AddBlock()), keepUndo, []);
            writer.Commit(isDurable: false);
        }
    }

    /// <summary>Lets other blocks follow than before.</summary>
    public void Forget(int blocks) => _chain.RemoveBlocks(blocks);

    public VerificationReport Verify(long memory = IndexDatabase.DefaultMemory) =>
        IndexDatabase.Verify(Path, Options.Coin, memory: memory, cancellation: Xunit.TestContext.Current.CancellationToken);

    /// <summary>Changes rows behind the back of the index.</summary>
    public void Damage(Action<RawRows> damage)
    {
        using var rows = new RawRows(Path);
        damage(rows);
    }

    public SampleDatabase Copy()
    {
        string copy = Directory.CreateTempSubdirectory("electrum-pot-verify-").FullName;
        foreach (string file in Directory.EnumerateFiles(Path))
            File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
        return new SampleDatabase(this, copy);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private SampleDatabase(SampleDatabase original, string path)
    {
        _chain = original._chain;
        Random = original.Random;
        Options = original.Options with { Path = path };
    }


    private BlockDigest Digest(ModelBlock block) =>
        _digester.Digest(new SourceBlock(block.Height, block.Hash, block.Raw, new BlockPosition(0, (uint)block.Height * 1000, block.Raw.Length)), withRaw: true);
}
