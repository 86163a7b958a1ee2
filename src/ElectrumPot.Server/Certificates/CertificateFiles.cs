// SPDX-License-Identifier: MIT

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Certificates;

/// <summary>Certificate and key as two PEM files.</summary>
/// <param name="Certificate">The server's certificate first, the chain may follow.</param>
/// <param name="Key">PKCS#8, PKCS#1 or SEC1, without a password.</param>
internal sealed record CertificateFiles(string Certificate, string Key)
{
    /// <summary>
    /// Wallets remember a self-signed certificate until it expires and refuse any other for that long (Electrum 3.3 to
    /// 4.8), so it is made to outlive the server.
    /// </summary>
    private const int ValidYears = 20;

    /// <summary>A clock that runs behind must not find the certificate in its future.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private static readonly string[] KeyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <summary>The files the configuration names, or those of the data folder.</summary>
    /// <exception cref="ConfigurationException">Only one of the two is named.</exception>
    public static CertificateFiles Locate(ServerConfiguration configuration)
    {
        string? certificate = configuration.GetPath(ServerSection.CertificateFile);
        string? key = configuration.GetPath(ServerSection.KeyFile);
        if (certificate is null != key is null)
        {
            (ConfigurationOption given, ConfigurationOption missing) = certificate is null
                ? (ServerSection.KeyFile, ServerSection.CertificateFile)
                : (ServerSection.CertificateFile, (ConfigurationOption)ServerSection.KeyFile);
            throw new ConfigurationException($"{configuration.File}: {given} is given without {missing}; give both, or none and the server makes them");
        }

        string folder = DataFolder.Locate(configuration);
        return new CertificateFiles(certificate ?? Path.Combine(folder, "server.crt"), key ?? Path.Combine(folder, "server.key"));
    }

    /// <summary>Whether there is nothing yet, so that a certificate may be made.</summary>
    /// <exception cref="CertificateException">One of the files exists without the other.</exception>
    public bool AreAbsent()
    {
        bool certificate = File.Exists(Certificate), key = File.Exists(Key);
        if (certificate == key) return !certificate;
        (string present, string missing) = certificate ? (Certificate, Key) : (Key, Certificate);
        throw new CertificateException(
            $"{present} exists but {missing} does not; restore it from your backup. Only if no wallet has ever used this server: move {present} away, and both are made anew");
    }

    /// <summary>Makes a self-signed certificate: RSA-2048 with SHA-256, which every client since 2014 accepts.</summary>
    /// <param name="names">Host names or IP addresses; the first becomes the common name.</param>
    /// <exception cref="CertificateException">The files exist already or cannot be written.</exception>
    public void Create(IReadOnlyList<string> names, TimeProvider time)
    {
        if (!AreAbsent()) throw new CertificateException($"{Certificate} exists already and is not overwritten: wallets that remember it would refuse the new one");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={Quote(names[0])}"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(AlternativeNames(names));

        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now - ClockTolerance, now.AddYears(ValidYears));
        try
        {
            // The key first: should the second write fail, no certificate without a key is left behind.
            WriteNew(Key, key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            WriteNew(
                Certificate,
                certificate.ExportCertificatePem(),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the certificate cannot be written: {failure.Message} Check ssl_certfile, ssl_keyfile and who owns their folder", failure);
        }
    }

    /// <summary>Reads both files and checks that they belong together.</summary>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="CertificateException">Missing, unreadable, no PEM, or key and certificate do not match.</exception>
    public ServerCertificate Load()
    {
        string certificatePem = Read(Certificate), keyPem = Read(Key);
        if (keyPem.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new CertificateException($"{Key} is protected by a password; write it without one: openssl pkey -in {Key} -out NEW_FILE");
        if (!KeyLabels.Any(label => keyPem.Contains($"-----BEGIN {label}-----", StringComparison.Ordinal)))
            throw new CertificateException($"{Key} contains no private key in PEM form (-----BEGIN PRIVATE KEY-----)");

        X509Certificate2Collection chain = [];
        try
        {
            chain.ImportFromPem(certificatePem);
        }
        catch (CryptographicException failure)
        {
            throw new CertificateException($"{Certificate} contains a certificate that cannot be understood: {failure.Message}", failure);
        }

        if (chain.Count == 0) throw new CertificateException($"{Certificate} contains no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        try
        {
            return new ServerCertificate(X509Certificate2.CreateFromPem(certificatePem, keyPem), [.. chain.Skip(1)]);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new CertificateException($"{Key} is not the key of {Certificate}; restore the pair that belongs together ({failure.Message})", failure);
        }
        finally
        {
            chain[0].Dispose();
        }
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        }

        return builder.Build();
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "", StringComparison.Ordinal)}\"";

    private static void WriteNew(string path, string text, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        using var writer = new StreamWriter(stream);
        writer.Write(text);
        writer.Write('\n');
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new CertificateException($"{path} may not be read by user {Environment.UserName}; change its owner or its mode", failure);
        }
        catch (IOException failure)
        {
            throw new CertificateException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
