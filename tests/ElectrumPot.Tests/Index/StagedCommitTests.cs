// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using ElectrumPot.Tests.Index.Model;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>A commit of the import, interrupted at every step: the next start completes it or knows nothing of it.</summary>
public sealed partial class StagedCommitTests : IDisposable
{
    private const int Before = 30;

    private readonly IndexFixture _fixture = new(isImported: false);
    private readonly string _links = Directory.CreateTempSubdirectory("electrum-pot-staged-").FullName;
    private readonly List<ModelBlock> _blocks;

    public StagedCommitTests()
    {
        var chain = new RandomChain(9);
        for (int i = 0; i < Before + 20; i++) chain.AddBlock();
        _blocks = [.. chain.Blocks];
        foreach (ModelBlock block in _blocks.Take(Before)) _fixture.Connect(block);
        _fixture.Index.Writer.Commit(isDurable: true);
        StageRest();
    }

    private string Staging => Path.Combine(_fixture.Options.Path, "staging");

    private IndexTip StagedTip => new(_blocks.Count - 1, _blocks[^1].Hash, _blocks.Sum(block => block.Transactions.Count));

    [Fact]
    public void Files_without_the_word_that_they_are_complete_are_forgotten()
    {
        _fixture.Reopen();

        _fixture.Index.Writer.Tip.Height.ShouldBe(Before - 1);
        Directory.Exists(Staging).ShouldBeFalse();
        foreach (ModelBlock block in _blocks.Skip(Before)) _fixture.Connect(block);
        _fixture.Index.Writer.Commit(isDurable: true);
        ShouldHoldTheWholeChain();
    }

    [Fact]
    public void Files_that_are_complete_are_taken_by_the_next_start()
    {
        Journal(Directory.GetFiles(_links));

        _fixture.Reopen();

        ShouldHoldTheWholeChain();
    }

    /// <summary>RocksDB links a file, writes a number into it, takes it, and removes the old name last.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(int.MaxValue, true)]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(int.MaxValue, false)]
    public void Files_that_RocksDB_has_begun_to_take_or_has_taken_are_taken_again(int begun, bool areTaken)
    {
        string[] files = [.. Directory.GetFiles(_links).Order(StringComparer.Ordinal)];
        _fixture.Index.Dispose();
        string copy = Directory.CreateTempSubdirectory("electrum-pot-taking-").FullName;
        foreach (string file in Directory.GetFiles(_fixture.Options.Path)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        // What another database does to the file it has done to ours, save for taking it.
        Take(files.Take(begun), areTaken ? _fixture.Options : _fixture.Options with { Path = copy });
        Directory.Delete(copy, recursive: true);

        Journal(files);
        _fixture.Reopen();

        ShouldHoldTheWholeChain();
    }

    /// <summary>A kill while the start before this one took the copies.</summary>
    [Fact]
    public void Copies_that_the_last_start_has_taken_are_left_alone()
    {
        string[] files = [.. Directory.GetFiles(_links).Order(StringComparer.Ordinal)];
        string[] copies = [.. files.Select(file => file + TableFile.CopyExtension)];
        foreach ((string file, string copy) in files.Zip(copies)) File.Copy(file, copy);
        _fixture.Index.Dispose();
        Take(copies, _fixture.Options);

        Journal([.. files, .. copies]);
        _fixture.Reopen();

        ShouldHoldTheWholeChain();
    }

    public void Dispose()
    {
        _fixture.Dispose();
        Directory.Delete(_links, recursive: true);
    }

    /// <summary>Leaves the files of the rest of the chain behind, as a kill does that comes just before the state says so.</summary>
    private void StageRest()
    {
        using (new FullDevice(_fixture.Options.Path))
        {
            foreach (ModelBlock block in _blocks.Skip(Before)) _fixture.Connect(block);
            Should.Throw<IndexStorageException>(() => _fixture.Index.Writer.Commit(isDurable: true));
        }

        string[] files = Directory.GetFiles(Staging);
        files.Length.ShouldBeGreaterThan(4);
        foreach (string file in files) Link(file, Path.Combine(_links, Path.GetFileName(file))).ShouldBe(0);
    }

    private static void Take(IEnumerable<string> files, IndexOptions options)
    {
        using IndexStore store = IndexStore.Open(options);
        foreach (string file in files)
        {
            string name = Path.Combine(options.Path, Path.GetFileName(file));
            Link(file, name).ShouldBe(0);
            string family = Path.GetFileName(file).Split('.')[0];
            store.Ingest([name], new IngestExternalFileOptions().SetMoveFiles(true), store.BlockTables.Single(table => table.FamilyName == family));
            File.Exists(name).ShouldBeFalse("it is taken by linking");
        }
    }

    /// <summary>Leaves the store as a kill does that comes while files are taken: these are still there.</summary>
    private void Journal(IEnumerable<string> files)
    {
        _fixture.Index.Dispose();
        using (IndexStore store = IndexStore.Open(_fixture.Options))
        using (var batch = new WriteBatch())
        {
            store.State.PutStagedTip(batch, StagedTip);
            store.Write(batch, isDurable: true);
        }

        if (Directory.Exists(Staging)) Directory.Delete(Staging, recursive: true);
        Directory.CreateDirectory(Staging);
        foreach (string file in files) Link(file, Path.Combine(Staging, Path.GetFileName(file))).ShouldBe(0);
    }

    private void ShouldHoldTheWholeChain()
    {
        _fixture.Index.Writer.Tip.ShouldBe(StagedTip);
        Directory.Exists(Staging).ShouldBeFalse();
        // Once more, so that every file is opened anew.
        _fixture.Reopen();
        _fixture.Index.Writer.CompleteImport(CancellationToken.None);
        _fixture.Index.Publish(new HashSet<HashX>());
        using ChainView view = _fixture.Index.AcquireView();
        var naive = new NaiveChain(_blocks);
        foreach (byte[] script in ModelScripts.Indexed)
        {
            ScriptSet scripts = ChainView.Resolve(ScriptHash.Of(script));
            view.TryGetHistory(scripts, 100_000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            history.SequenceEqual(naive.History([script], _fixture.Options.PruningLimit)).ShouldBeTrue();
            view.TryGetUnspent(scripts, 100_000, out IReadOnlyList<UnspentOutput>? unspent).ShouldBeTrue();
            unspent.ShouldBe(naive.UnspentOf([script]));
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
