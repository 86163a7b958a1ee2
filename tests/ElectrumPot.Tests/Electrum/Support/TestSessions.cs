// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Net;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Framing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>The sessions of a server without its sockets: wallets connect through pipes.</summary>
internal sealed class TestSessions : IAsyncDisposable
{
    private readonly CancellationTokenSource _shutdown = new();
    private readonly List<Task> _running = [];
    private readonly Task _background;
    private readonly ServerContext _server;

    public TestSessions(ScriptedChain? chain = null, Func<ElectrumOptions, ElectrumOptions>? change = null, bool withNotifier = true)
    {
        Chain = chain ?? new ScriptedChain();
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = [], ServerName = "ElectrumPot 1.2.3" };
        options = change?.Invoke(options) ?? options;
        _server = new ServerContext(options, Chain, Daemon, new PeerDirectory(options, Chain, Log, Time), Time, Log);
        Manager = new SessionManager(_server, Log);
        _background = Task.WhenAll(
            Manager.SweepAsync(_shutdown.Token),
            withNotifier ? new Notifier(_server, Manager, Log).RunAsync(_shutdown.Token) : Task.CompletedTask);
    }

    public ScriptedChain Chain { get; }

    public ScriptedDaemon Daemon { get; } = new();

    public ManualTime Time { get; } = new();

    public TestLog Log { get; } = new();

    public SessionManager Manager { get; }

    public Admission Admission => _server.Admission;

    public LargeReads LargeReads => _server.LargeReads;

    /// <param name="windowBytes">What the transport takes before it makes the server wait for the wallet to read.</param>
    /// <param name="address">Of the wallet; this machine by default, which is exempt from what is counted by address.</param>
    public TestWallet Connect(int windowBytes = 1 << 24, string address = "127.0.0.1")
    {
        var toServer = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var toWallet = new Pipe(new PipeOptions(pauseWriterThreshold: windowBytes, resumeWriterThreshold: windowBytes / 2, useSynchronizationContext: false));
        var connection = new DefaultConnectionContext
        {
            Transport = new Duplex(toServer.Reader, toWallet.Writer),
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40000),
        };
        var aborting = new AbortableConnection(connection, toServer, toWallet);
        Task running = Task.Run(async () =>
        {
            var client = new ClientConnection(ElectrumTransport.Tcp, connection.RemoteEndPoint, reason => aborting.Abort(new ConnectionAbortedException(reason)));
            await Manager.RunAsync(client, connection.Transport.Output, handler => LineReceiver.ReceiveAsync(connection.Transport.Input, handler), _shutdown.Token);
            await toWallet.Writer.CompleteAsync();
        }, CancellationToken.None);
        _running.Add(running);
        return new TestWallet(toWallet.Reader, toServer.Writer);
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await Task.WhenAll(_running);
        await _background;
        _shutdown.Dispose();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class AbortableConnection(DefaultConnectionContext inner, Pipe toServer, Pipe toWallet) : DefaultConnectionContext
    {
        public override EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

        public override void Abort(ConnectionAbortedException abortReason)
        {
            toServer.Writer.Complete(abortReason);
            toWallet.Reader.CancelPendingRead();
            toWallet.Writer.CancelPendingFlush();
        }
    }
}

/// <summary>Keeps what was logged, so that a test can ask whether anything went wrong.</summary>
internal sealed class TestLog : ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IEnumerable<string> Errors => _lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    /// <summary>Without the lines about limits, which tests of hostile wallets expect.</summary>
    public IEnumerable<string> OwnErrors => Errors.Where(line => !line.StartsWith("limit", StringComparison.Ordinal));

    public IEnumerable<string> Lines => _lines.Select(line => line.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
}
