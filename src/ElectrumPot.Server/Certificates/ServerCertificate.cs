// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ElectrumPot.Server.Certificates;

/// <summary>A certificate with its key, ready to serve.</summary>
internal sealed class ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) : IDisposable
{
    /// <summary>When the end is close enough to be told: time to warn users, who have to accept a new one.</summary>
    private static readonly TimeSpan EndIsNear = TimeSpan.FromDays(60);

    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>Intermediate certificates, without the server's own.</summary>
    public X509Certificate2Collection Chain { get; } = chain;

    public DateTimeOffset NotBefore { get; } = certificate.NotBefore.ToUniversalTime();

    public DateTimeOffset NotAfter { get; } = certificate.NotAfter.ToUniversalTime();

    /// <summary>Host names and addresses of the subject alternative names, or the common name where there are none.</summary>
    public IReadOnlyList<string> Names { get; } = ReadNames(certificate);

    public bool SelfSigned { get; } = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>SHA-256 of the DER form in lower-case hexadecimal: what Electrum's <c>--serverfingerprint</c> takes.</summary>
    public string Fingerprint { get; } = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>What is wrong with the dates now, with advice; null when nothing is.</summary>
    public string? FindProblem(DateTimeOffset now)
    {
        if (now < NotBefore) return $"the certificate is valid only from {Day(NotBefore)}; check the clock of this machine";
        if (now >= NotAfter)
            return $"the certificate expired on {Day(NotAfter)}: wallets refuse it. Move the old files away and run 'electrum-pot-server certificate create', or install a new one";
        return NotAfter - now < EndIsNear
            ? $"the certificate expires on {Day(NotAfter)}, in {(int)(NotAfter - now).TotalDays} days; wallets that remember a self-signed one accept another only after that day"
            : null;
    }

    public static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string[] ReadNames(X509Certificate2 certificate)
    {
        string[] names =
        [
            .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))),
        ];
        return names.Length > 0 ? names : [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
    }

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (X509Certificate2 link in Chain) link.Dispose();
    }
}
