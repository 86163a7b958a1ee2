// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Tests.Electrum.Support;

namespace ElectrumPot.Tests.Electrum.Peers.Support;

/// <summary>A server on loopback that answers as a test tells it to; by default it is a good peer with the same chain.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public ScriptedPeer(string host, ScriptedChain chain, X509Certificate2? certificate = null, IPAddress? address = null)
    {
        _certificate = certificate;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        Answers["server.version"] = _ => """["Scripted 1.0","1.6"]""";
        Answers["blockchain.headers.subscribe"] = _ => $$"""{"height":{{chain.State.Height}},"hex":"{{Convert.ToHexStringLower(chain.State.Headers[^1])}}"}""";
        Answers["blockchain.block.header"] = args => $"\"{Convert.ToHexStringLower(chain.State.Headers[args[0].GetInt32()])}\"";
        Answers["server.features"] = _ => Features(host);
        Answers["server.peers.subscribe"] = _ => "[]";
        Answers["server.add_peer"] = _ => "true";
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The JSON of a result by method; null stays silent. A text that begins with <c>!</c> is sent as it is, without it.</summary>
    public ConcurrentDictionary<string, Func<JsonElement, string?>> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked, with the arguments.</summary>
    public ConcurrentQueue<(string Method, string Params)> Requests { get; } = new();

    public string Features(string host, string? ports = null, string? genesis = null) =>
        $$"""{"hosts":{"{{host}}":{{ports ?? $$"""{"tcp_port":{{(_certificate is null ? Port : "null")}},"ssl_port":{{(_certificate is null ? "null" : Port)}}}"""}}},"""
        + $$""" "genesis_hash":"{{genesis ?? CoinRegistry.BuiltIn.Get("potcoin").GenesisHash.ToString()}}","hash_function":"sha256","protocol_max":"1.4.2","pruning":100,"new":[{}]}""";

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(Offer(_certificate), _end.Token);
                stream = tls;
            }

            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { AutoFlush = true };
            while (await reader.ReadLineAsync(_end.Token) is { } line) await AnswerAsync(line, writer);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The other side has gone.
        }
    }

    /// <summary>Offline: the peer itself has no need of what its certificate refers to.</summary>
    private static SslServerAuthenticationOptions Offer(X509Certificate2 certificate) =>
        new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true) };

    private async Task AnswerAsync(string line, StreamWriter writer)
    {
        JsonElement request = JsonElement.Parse(line);
        string method = request.GetProperty("method").GetString()!;
        JsonElement args = request.GetProperty("params");
        Requests.Enqueue((method, args.GetRawText()));
        string? answer = Answers[method](args);
        if (answer is null) return;
        await writer.WriteAsync(answer.StartsWith('!') ? answer[1..] : $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"result":{{answer}}}""" + "\n");
    }
}
