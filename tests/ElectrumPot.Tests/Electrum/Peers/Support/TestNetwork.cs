// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ElectrumPot.Electrum.Peers;

namespace ElectrumPot.Tests.Electrum.Peers.Support;

/// <summary>A network in which names are what a test says, and loopback addresses stand for public ones.</summary>
internal sealed class TestNetwork : PeerNetwork
{
    public ConcurrentDictionary<string, IPAddress[]> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>The production rule by default forbids what tests listen on.</summary>
    public Func<IPAddress, bool> Public { get; init; } = _ => true;

    public ConcurrentQueue<EndPoint> Connections { get; } = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <summary>When set, a connection is made of this instead of a socket.</summary>
    public Func<EndPoint, CancellationToken, Task<Stream>>? OnConnect { get; set; }

    /// <summary>When set, every name resolves to this.</summary>
    public Func<CancellationToken, Task<IPAddress[]>>? OnResolve { get; set; }

    public override bool IsPublic(IPAddress address) => Public(address);

    public override Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
    {
        Lookups.Enqueue(name);
        if (OnResolve is { } resolve) return resolve(cancellation);
        return Names.TryGetValue(name, out IPAddress[]? addresses)
            ? Task.FromResult(addresses)
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    public override Task<Stream> ConnectAsync(EndPoint target, CancellationToken cancellation)
    {
        Connections.Enqueue(target);
        return OnConnect is { } connect ? connect(target, cancellation) : base.ConnectAsync(target, cancellation);
    }
}
