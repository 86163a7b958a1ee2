// SPDX-License-Identifier: MIT

using System.Net;
using System.Text;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Polling;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class PollingSessionsTests : IDisposable
{
    private readonly ScriptedDaemon _daemon = new();
    private readonly TestLog _log = new();
    private readonly CancellationTokenSource _shutdown = new();
    private readonly SessionManager _manager;
    private readonly PollingSessions _polling;

    public PollingSessionsTests()
    {
        var options = new ElectrumOptions
        {
            Coin = CoinRegistry.BuiltIn.Get("potcoin"),
            Endpoints = [],
            Limits = new SessionLimits { MaxPollingSessions = 8, Drain = TimeSpan.FromSeconds(20) },
        };
        var chain = new ScriptedChain();
        var server = new ServerContext(options, chain, _daemon, new PeerDirectory(options, chain, _log, TimeProvider.System), TimeProvider.System, _log);
        _manager = new SessionManager(server, _log);
        _polling = new PollingSessions(_manager, server, _shutdown.Token);
    }

    public void Dispose() => _shutdown.Dispose();

    [Fact]
    public async Task The_last_quarter_is_for_addresses_that_have_no_session_yet()
    {
        // This machine is exempt from what is counted by address.
        PollingSession[] shared = [.. Enumerable.Range(0, 6).Select(_ => Open("127.0.0.1").ShouldNotBeNull())];
        Open("127.0.0.1").ShouldBeNull();
        _log.Lines.ShouldContain(line => line.Contains("limit=max_polling_sessions") && line.Contains("value=7 allowed=6"));

        Open("192.0.2.1").ShouldNotBeNull();
        Open("192.0.2.1").ShouldBeNull();
        PollingSession last = Open("192.0.2.2").ShouldNotBeNull();
        Open("192.0.2.3").ShouldBeNull();

        // Who goes leaves the place to others, and has no session then.
        _polling.Remove(last, "ended");
        Open("192.0.2.2").ShouldNotBeNull();
        foreach (PollingSession session in shared) _polling.Remove(session, "ended");
        Open("127.0.0.1").ShouldNotBeNull();
        await StopAsync();
    }

    [Fact]
    public async Task A_stop_waits_for_sessions_that_are_not_known_any_more()
    {
        var daemon = new TaskCompletionSource();
        bool isAsked = false;
        _daemon.OnVerbose = _ =>
        {
            Volatile.Write(ref isAsked, true);
            // Whoever asks waits here, whatever is cancelled.
            daemon.Task.GetAwaiter().GetResult();
            return null;
        };
        PollingSession session = Open("127.0.0.1").ShouldNotBeNull();
        session.TryQueue(Encoding.ASCII.GetBytes("""{"id":1,"method":"blockchain.transaction.get","params":["00000000000000000000000000000000000000000000000000000000000000aa",true]}""" + "\n")).ShouldBeTrue();
        await Poll.UntilAsync(() => Volatile.Read(ref isAsked));

        _polling.Remove(session, "ended");
        Task stopping = StopAsync();
        await Task.WhenAny(stopping, Task.Delay(100, TestContext.Current.CancellationToken));
        bool wasEarly = stopping.IsCompleted;
        daemon.SetResult();

        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        wasEarly.ShouldBeFalse();
        _manager.Count.ShouldBe(0);
    }

    private PollingSession? Open(string address) => _polling.Open(ElectrumTransport.Http, new IPEndPoint(IPAddress.Parse(address), 1));

    private async Task StopAsync()
    {
        await _shutdown.CancelAsync();
        await _polling.SweepAsync();
    }
}
