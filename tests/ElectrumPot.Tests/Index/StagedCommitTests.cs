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

    /// <summary>The store may have a file already, whether or not its name is still there: RocksDB removes the name last.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Files_that_were_taken_before_the_kill_may_be_taken_again(int taken)
    {
        string[] files = [.. Directory.GetFiles(_links).Order(StringComparer.Ordinal)];
        Journal(files.Take(taken));
        _fixture.Reopen();
        _fixture.Index.Dispose();

        Journal(files);
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
