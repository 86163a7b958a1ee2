// SPDX-License-Identifier: MIT

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ElectrumPot.Electrum.Transport;

/// <summary>
/// The certificate the server shows. Replaceable while running: open connections keep the one they began with.
/// </summary>
/// <remarks>
/// One <see cref="SslStreamCertificateContext"/> serves all handshakes, which halves their cost against building it
/// for each.
/// </remarks>
public sealed class TlsIdentity
{
    private volatile SslServerAuthenticationOptions _options;

    /// <param name="certificate">With its private key.</param>
    /// <param name="intermediates">Sent along with it; none for a self-signed certificate.</param>
    public TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
    {
        _options = MakeOptions(certificate, intermediates);
        Certificate = certificate;
    }

    public X509Certificate2 Certificate { get; private set; }

    /// <summary>Handshakes that begin from now on use this one.</summary>
    public void Replace(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
    {
        _options = MakeOptions(certificate, intermediates);
        Certificate = certificate;
    }

    internal SslServerAuthenticationOptions Options => _options;

    private static SslServerAuthenticationOptions MakeOptions(X509Certificate2 certificate, X509Certificate2Collection? intermediates)
    {
        if (!certificate.HasPrivateKey)
            throw new ArgumentException("The certificate comes without its private key; give both.", nameof(certificate));
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = false,
            // Kestrel would write the protocols of whichever port has the first handshake into these shared options.
            // Without any, clients that offer HTTP/2 go on with HTTP/1.1.
            ApplicationProtocols = [],
        };
    }
}
