// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index;
using ElectrumPot.Index.Following;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Verification;
using ElectrumPot.Simulation;
using ElectrumPot.Tests.Daemon;
using ElectrumPot.Tests.Index.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace ElectrumPot.Tests.Index.Following;

/// <summary>A DevNode, and an index that follows it.</summary>
internal sealed class FollowerFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private CancellationTokenSource _stop = new();
    private readonly Func<DaemonClient, IBlockSource> _source;
    private DaemonClient _daemon;
    private Task _following;

    private readonly NodeSwitch _switch;
    private readonly TimeSpan _patience;
    private readonly List<DevNode> _otherNodes = [];

    private FollowerFixture(
        DevNode node, int pruningLimit, int reorgLimit, Func<DaemonClient, IBlockSource> source, TimeSpan patience, bool storeTransactions)
    {
        Node = node;
        _source = source;
        _patience = patience;
        _switch = new NodeSwitch(node.Port);
        Index = ChainIndex.Open(new IndexOptions
        {
            Coin = CoinRegistry.BuiltIn.Get("potcoin"),
            Path = Directory.CreateTempSubdirectory("electrum-pot-follower-").FullName,
            PruningLimit = pruningLimit,
            ReorgLimit = reorgLimit,
            CacheBytes = 4 << 20,
            StoreTransactions = storeTransactions,
        });
        Follow();
    }

    /// <summary>The one that is asked.</summary>
    public DevNode Node { get; private set; }

    public LogCollector<ChainFollower> Log { get; } = new();

    public ChainIndex Index { get; private set; }

    public DaemonStatus DaemonStatus => _daemon.Status;

    /// <param name="source">Where blocks come from; the daemon when null.</param>
    /// <param name="patience">With a shorter chain; for ever when null.</param>
    public static async Task<FollowerFixture> StartAsync(
        int pruningLimit = 100,
        int reorgLimit = 100,
        int blocks = 120,
        Func<DevNode, DaemonClient, IBlockSource>? source = null,
        TimeSpan? patience = null,
        bool storeTransactions = false)
    {
        DevNode node = await StartNodeAsync(new DevNodeOptions { BlockCount = blocks });
        return new FollowerFixture(
            node,
            pruningLimit,
            reorgLimit,
            daemon => source?.Invoke(node, daemon) ?? new RpcBlockSource(daemon, new RpcBlockSourceOptions()),
            patience ?? TimeSpan.FromHours(1),
            storeTransactions);
    }

    /// <summary>Nodes of the same options have the same blocks, as far as both have any.</summary>
    public static Task<DevNode> StartNodeAsync(DevNodeOptions options) =>
        DevNode.StartAsync(options with { SlowWrites = false }, Xunit.TestContext.Current.CancellationToken);

    /// <summary>Another node takes the place of the one before, which lives on.</summary>
    public void TurnTo(DevNode node)
    {
        if (node != Node) _otherNodes.Add(Node);
        _otherNodes.Remove(node);
        Node = node;
        _switch.TurnTo(node.Port);
    }

    /// <summary>Stops, verifies the database and starts again.</summary>
    public async Task VerifyAsync()
    {
        await StopAsync();
        VerificationReport report = IndexDatabase.Verify(Index.Options.Path, Index.Options.Coin, cancellation: Xunit.TestContext.Current.CancellationToken);
        report.Findings.ShouldBeEmpty();
        Index = ChainIndex.Open(Index.Options);
        Follow();
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (_following.IsCompleted) await _following;
            timeout.IsCancellationRequested.ShouldBeFalse($"waited {Patience.TotalSeconds} s for: {what}; {Index.Progress}");
            await Task.Delay(10, Xunit.TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the index shows the node's tip and mempool.</summary>
    public Task CaughtUpAsync() => UntilAsync(
        () =>
        {
            using ChainView view = Index.AcquireView();
            return view.TipHash == Node.Chain.Tip.Hash
                && view.Mempool.Count == Node.Mempool.Count
                && Node.Mempool.Entries.All(entry => view.Mempool.Contains(entry.Transaction.Txid));
        },
        "the index at the node's tip and mempool");

    /// <summary>Compares everything about every script of the chain with the naive model.</summary>
    /// <param name="withHistories">Balances alone are compared otherwise.</param>
    public void ShouldAgreeWithNode(bool withHistories = true)
    {
        using ChainView view = Index.AcquireView();
        List<ModelBlock> blocks = [.. Node.Chain.Blocks.Select(ToModel)];
        blocks.Count.ShouldBe(Node.Chain.Height + 1);
        var naive = new NaiveChain(blocks);
        HashSet<string> seen = [];
        foreach (byte[] script in blocks.SelectMany(block => block.Transactions).SelectMany(transaction => transaction.Outputs).Select(output => output.Script))
        {
            if (!seen.Add(Convert.ToHexString(script))) continue;
            ScriptSet scripts = ChainView.Resolve(ScriptHash.Of(script));
            view.TryGetHistory(scripts, 100_000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            if (withHistories) history.Where(entry => entry.IsConfirmed).ShouldBe(naive.History([script], Index.Options.PruningLimit));
            view.TryGetBalance(scripts, int.MaxValue, out Balance balance, out _).ShouldBeTrue();
            balance.Confirmed.ShouldBe(naive.Balance([script]));
            view.TryGetUnspent(scripts, int.MaxValue, out IReadOnlyList<ElectrumPot.Index.Queries.UnspentOutput>? unspent).ShouldBeTrue();
            unspent.Where(output => output.Height > 0).ShouldBe(naive.UnspentOf([script]).Where(output => !view.Mempool.IsSpent(new OutPoint(output.Txid, output.Index))));
        }

        seen.Count.ShouldBeGreaterThan(10);
    }

    /// <summary>Stops and starts again on the same database, as after a restart of the server.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        Index = ChainIndex.Open(Index.Options);
        Follow();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _switch.DisposeAsync();
        await Node.DisposeAsync();
        foreach (DevNode other in _otherNodes) await other.DisposeAsync();
        Directory.Delete(Index.Options.Path, recursive: true);
    }

    [MemberNotNull(nameof(_daemon), nameof(_following))]
    private void Follow()
    {
        Coin coin = Index.Options.Coin;
        _daemon = new DaemonClient(
            new DaemonOptions
            {
                Endpoints = [new DaemonEndpoint(DevNode.Host, _switch.Port, Node.Options.User, Node.Options.Password)],
                RequestTimeout = TimeSpan.FromSeconds(5),
                MinBackOff = TimeSpan.FromMilliseconds(20),
                MaxBackOff = TimeSpan.FromMilliseconds(100),
            },
            coin,
            NullLogger<DaemonClient>.Instance,
            TimeProvider.System);
        var follower = new ChainFollower(
            Index,
            _daemon,
            _source(_daemon),
            new TipWatcher(_daemon, TimeSpan.FromMilliseconds(20), TimeProvider.System),
            new MempoolSource(_daemon, coin, NullLogger<MempoolSource>.Instance),
            new FollowerOptions { MempoolInterval = TimeSpan.FromMilliseconds(20), ShorterChainPatience = _patience },
            Log,
            TimeProvider.System);
        _following = follower.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _daemon.DisposeAsync();
        Index.Dispose();
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    private static ModelBlock ToModel(DevBlock block) => new(
        block.Height,
        block.Hash,
        block.Raw[..BlockHeader.Size],
        block.Raw,
        [
            .. block.Transactions.Select(transaction => new ModelTransaction(
                transaction.Txid,
                transaction.Raw,
                [.. transaction.Inputs.Select(input => input.PreviousOutput)],
                [.. transaction.Outputs.Select(output => new ModelOutput(output.Script, output.Value))])),
        ]);
}
