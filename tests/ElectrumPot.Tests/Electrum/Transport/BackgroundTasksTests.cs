// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Index.Events;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class BackgroundTasksTests : IDisposable
{
    private readonly ScriptedChain _chain = new();
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly CancellationTokenSource _shutdown = new();

    [Fact]
    public async Task What_fails_is_logged_and_reported_at_once_and_begins_again_after_growing_pauses()
    {
        int runs = 0;
        Task kept = Tasks().KeepAsync("part", () => ++runs == 4 ? Task.CompletedTask : throw new InvalidOperationException($"failure {runs}"));
        foreach (int pause in new[] { 1, 2, 4 })
        {
            (_chain.Failures.Count, _log.Errors.Count()).ShouldBe((runs, runs));
            _log.Errors.Last().ShouldContain($"name=part again_seconds={pause}");
            int before = runs;
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            runs.ShouldBe(before);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Poll.UntilAsync(() => kept.IsCompleted || (_time.Waiting == 1 && runs == before + 1));
        }

        await kept;
        runs.ShouldBe(4);
    }

    [Fact]
    public async Task At_the_end_it_runs_once_more_and_whatever_happens_then_is_the_end()
    {
        int runs = 0;
        Task kept = Tasks().KeepAsync("part", () => throw new InvalidOperationException($"failure {++runs}"));
        await _shutdown.CancelAsync();
        await kept;
        (runs, _log.Errors.Count()).ShouldBe((2, 2));
        await Tasks().KeepAsync("part", () => throw new OperationCanceledException());
        _log.Errors.Count().ShouldBe(2, "to be stopped is no failure");
    }

    [Fact]
    public async Task The_server_announces_updates_again_after_they_could_not_be_fetched()
    {
        var chain = new FailingChain(_chain);
        var options = new ElectrumOptions
        {
            Coin = CoinRegistry.BuiltIn.Get("potcoin"),
            Endpoints = [new ElectrumEndpoint(ElectrumTransport.Tcp, new IPEndPoint(IPAddress.Loopback, 0))],
        };
        await using var server = new ElectrumServer(options, chain, new ScriptedDaemon(), null, new OneLog(_log), _time);
        await server.StartAsync(TestContext.Current.CancellationToken);
        _log.Errors.ShouldHaveSingleItem().ShouldContain("name=notifier");
        _chain.Failures.ShouldHaveSingleItem().Message.ShouldBe("no update");
        _time.Advance(TimeSpan.FromSeconds(1));
        await Poll.UntilAsync(() => chain.Fetches == 2);
    }

    public void Dispose() => _shutdown.Dispose();

    private BackgroundTasks Tasks() => new(_chain, _time, _log, _shutdown.Token);

    /// <summary>Fails at the first update.</summary>
    private sealed class FailingChain(ScriptedChain chain) : IChainSource
    {
        private int _fetches;

        public int Fetches => Volatile.Read(ref _fetches);

        public IChainSnapshot Acquire() => chain.Acquire();

        public ValueTask<ChainUpdate> NextUpdateAsync(CancellationToken cancellation) =>
            Interlocked.Increment(ref _fetches) == 1 ? throw new InvalidOperationException("no update") : chain.NextUpdateAsync(cancellation);

        public void Report(Exception failure) => chain.Report(failure);
    }

    private sealed class OneLog(TestLog log) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
