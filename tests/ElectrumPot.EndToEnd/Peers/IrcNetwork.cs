// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Peers;

/// <summary>Debian's ngircd on a loopback port: an IRC network of one server.</summary>
internal sealed class IrcNetwork : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("irc");
    private ChildProcess? _process;

    public int Port { get; } = FreePort.Next();

    public async Task StartAsync()
    {
        string file = _folder["ngircd.conf"];
        await File.WriteAllTextAsync(
            file,
            $"""
            [Global]
            Name = irc.example.net
            Info = a test
            Listen = 127.0.0.1
            Ports = {Port}
            MotdPhrase = hello
            [Limits]
            MaxNickLength = 30
            [Options]
            DNS = no
            Ident = no
            PAM = no
            """,
            TestContext.Current.CancellationToken);
        _process = ChildProcess.Start("/usr/sbin/ngircd", ["--nodaemon", "--config", file], Requirements.Advice);
        await Eventually.PassAsync(async () =>
        {
            _process.ShouldRun();
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), TestContext.Current.CancellationToken);
        });
    }

    public async Task StopAsync() => await _process!.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _folder.Dispose();
    }
}
