// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ElectrumPot.Electrum.Peers;

/// <summary>One way to a peer.</summary>
/// <param name="Address">Null: through the Tor proxy.</param>
internal sealed record PeerRoute(PeerHost Host, IPAddress? Address, int Port, bool IsTls)
{
    public override string ToString() => $"{(IsTls ? "tls" : "tcp")}://{(Address is null ? Host.Name : Address)}:{Port}";
}

/// <summary>
/// Reaches peers: TLS before TCP, IPv4 before IPv6 (protocol, "Verification of a peer"). Never connects to an address
/// that is not public, whatever a stranger's DNS says.
/// </summary>
internal sealed class PeerDialer(PeerOptions options, PeerNetwork network, TimeProvider time)
{
    /// <summary>For one attempt to connect, and again for one conversation.</summary>
    public TimeSpan Patience(PeerHost host) => host.IsOnion ? options.OnionTimeout : options.Timeout;

    /// <param name="ports">In the order in which they are to be tried.</param>
    /// <exception cref="PeerDeviationException">The host is nowhere where others could reach it.</exception>
    /// <exception cref="IOException">The host cannot be found now.</exception>
    public async Task<IReadOnlyList<PeerRoute>> FindRoutesAsync(PeerHost host, IReadOnlyList<PeerPorts> ports, CancellationToken cancellation)
    {
        IReadOnlyList<IPAddress?> addresses = host.IsOnion ? [null] : await FindAddressesAsync(host, cancellation);
        if (host.IsOnion && options.TorProxy is null) throw new IOException("there is no Tor proxy to reach it");
        var routes = new List<PeerRoute>();
        foreach (PeerPorts choice in ports)
        {
            if (choice.Tls is { } tls) routes.AddRange(addresses.Select(address => new PeerRoute(host, address, tls, IsTls: true)));
            if (choice.Tcp is { } tcp) routes.AddRange(addresses.Select(address => new PeerRoute(host, address, tcp, IsTls: false)));
        }

        return [.. routes.Distinct()];
    }

    /// <exception cref="IOException">Nobody answers, or not in time; the message says why.</exception>
    public async Task<Stream> OpenAsync(PeerRoute route, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience(route.Host), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        Stream? stream = null;
        try
        {
            stream = await network.ConnectAsync(route.Address is null ? options.TorProxy! : new IPEndPoint(route.Address, route.Port), either.Token);
            if (route.Address is null) await Socks5.ConnectAsync(stream, route.Host.Name, route.Port, either.Token);
            if (!route.IsTls) return stream;
            var tls = new SslStream(stream);
            stream = tls;
            await tls.AuthenticateAsClientAsync(TlsOptions(route.Host), either.Token);
            return tls;
        }
        catch (Exception failure)
        {
            if (stream is not null) await stream.DisposeAsync();
            if (failure is OperationCanceledException && !cancellation.IsCancellationRequested) throw new IOException($"{route} does not answer", failure);
            // A name that is none after all shows only when it is to be sent, IPv6 that this machine does not have when it is to be used.
            if (failure is SocketException or IOException or AuthenticationException or ArgumentException or NotSupportedException) throw new IOException($"{route}: {failure.Message}", failure);
            throw;
        }
    }

    /// <summary>The first of each family.</summary>
    private async Task<IReadOnlyList<IPAddress?>> FindAddressesAsync(PeerHost host, CancellationToken cancellation)
    {
        IPAddress[] all = host.Address is { } own ? [own] : await ResolveAsync(host, cancellation);
        IPAddress[] usable = [.. all.Where(network.IsPublic)];
        if (usable.Length == 0) throw new PeerDeviationException("has no public address");
        return [.. usable.GroupBy(address => address.AddressFamily).Select(family => family.First()).OrderBy(address => address.AddressFamily != AddressFamily.InterNetwork)];
    }

    /// <summary>All addresses of a name.</summary>
    /// <exception cref="IOException">It does not resolve, or not in time.</exception>
    public async Task<IPAddress[]> ResolveAsync(PeerHost host, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return [.. (await network.ResolveAsync(host.Name, either.Token)).Select(address => address.Unmapped)];
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw new IOException("the name does not resolve", failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("the name does not resolve in time", late);
        }
    }

    /// <summary>
    /// Certificates of Electrum servers are self-signed; who a peer is, is decided by what it serves. A wallet that
    /// connects remembers the certificate by itself.
    /// </summary>
    [SuppressMessage("Security", "CA5359", Justification = "There is no authority for these certificates; a check would refuse every server.")]
    private static SslClientAuthenticationOptions TlsOptions(PeerHost host) => new()
    {
        TargetHost = host.Name,
        // A chain is built before the callback is asked. Without this the certificate, a stranger's, would say whom we contact for it.
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };
}
