// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.Configuration;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Certificates;

public sealed class CertificateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private CertificateFiles Files => new(_folder["server.crt"], _folder["server.key"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_certificate_lasts_twenty_years_under_its_names_and_keeps_its_key_private()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Files.AreAbsent().ShouldBeTrue();
        Files.Create(["pot.example.org", "192.0.2.7"], TimeProvider.System);

        using ServerCertificate certificate = Files.Load();

        certificate.Certificate.Subject.ShouldBe("CN=pot.example.org");
        certificate.Names.ShouldBe(["pot.example.org", "192.0.2.7"]);
        certificate.NotAfter.ShouldBeInRange(now.AddYears(20).AddDays(-1), now.AddYears(20).AddDays(1));
        certificate.NotBefore.ShouldBeLessThan(now);
        certificate.SelfSigned.ShouldBeTrue();
        certificate.Certificate.HasPrivateKey.ShouldBeTrue();
        certificate.FindProblem(now).ShouldBeNull();
        certificate.Fingerprint.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(certificate.Certificate.RawData)));
        File.GetUnixFileMode(Files.Key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void An_existing_certificate_is_never_overwritten()
    {
        Files.Create(["localhost"], TimeProvider.System);
        string before = File.ReadAllText(Files.Certificate);

        Should.Throw<CertificateException>(() => Files.Create(["localhost"], TimeProvider.System)).Message.ShouldContain("is not overwritten");

        File.ReadAllText(Files.Certificate).ShouldBe(before);
    }

    [Theory]
    [InlineData("server.key", "server.crt exists but", "server.key does not; restore it from your backup")]
    [InlineData("server.crt", "server.key exists but", "server.crt does not; restore it from your backup")]
    public void Half_a_pair_is_an_error_and_stays_as_it_is(string lost, string present, string missing)
    {
        Files.Create(["localhost"], TimeProvider.System);
        File.Delete(_folder[lost]);

        string message = Should.Throw<CertificateException>(() => Files.AreAbsent()).Message;

        message.ShouldContain(present);
        message.ShouldContain(missing);
        Should.Throw<CertificateException>(() => Files.Create(["localhost"], TimeProvider.System));
        File.Exists(_folder[lost]).ShouldBeFalse();
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error()
    {
        Files.Create(["localhost"], TimeProvider.System);
        var other = new CertificateFiles(_folder["other.crt"], _folder["other.key"]);
        other.Create(["localhost"], TimeProvider.System);

        Should.Throw<CertificateException>(() => (Files with { Key = other.Key }).Load()).Message
            .ShouldStartWith($"{other.Key} is not the key of {Files.Certificate}");
    }

    [Theory]
    [InlineData("no PEM at all", "contains no certificate in PEM form")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "contains a certificate that cannot be understood")]
    public void A_file_that_is_no_certificate_is_an_error(string text, string reason)
    {
        Files.Create(["localhost"], TimeProvider.System);
        File.WriteAllText(Files.Certificate, text);

        Should.Throw<CertificateException>(() => Files.Load()).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_key_with_a_password_is_an_error_that_says_how_to_remove_it()
    {
        Files.Create(["localhost"], TimeProvider.System);
        using var key = RSA.Create(2048);
        File.WriteAllText(Files.Key, key.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)));

        Should.Throw<CertificateException>(() => Files.Load()).Message.ShouldContain("is protected by a password; write it without one: openssl pkey");
    }

    [Fact]
    public void A_key_in_the_form_of_2014_is_read()
    {
        Files.Create(["localhost"], TimeProvider.System);
        using (ServerCertificate certificate = Files.Load())
        {
            using RSA key = RSA.Create();
            key.ImportFromPem(File.ReadAllText(Files.Key));
            File.WriteAllText(Files.Key, key.ExportRSAPrivateKeyPem());
        }

        using ServerCertificate again = Files.Load();
        again.Certificate.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public void The_end_is_warned_of_before_and_after()
    {
        Files.Create(["localhost"], TimeProvider.System);
        using ServerCertificate certificate = Files.Load();

        certificate.FindProblem(certificate.NotAfter - TimeSpan.FromDays(61)).ShouldBeNull();
        certificate.FindProblem(certificate.NotAfter - TimeSpan.FromDays(59.5)).ShouldNotBeNull().ShouldContain("in 59 days");
        certificate.FindProblem(certificate.NotAfter + TimeSpan.FromSeconds(1)).ShouldNotBeNull().ShouldContain("expired on");
        certificate.FindProblem(certificate.NotBefore - TimeSpan.FromSeconds(1)).ShouldNotBeNull().ShouldContain("check the clock");
    }

    [Theory]
    [InlineData("", "localhost,127.0.0.1,::1")]
    [InlineData("host = 0.0.0.0", "localhost,127.0.0.1,::1")]
    [InlineData("host = pot.example.org", "pot.example.org")]
    [InlineData("host = 192.0.2.7\nreport_host = pot.example.org", "pot.example.org,192.0.2.7")]
    public void Its_names_are_those_under_which_wallets_know_the_server(string keys, string names) =>
        string.Join(',', CertificateNames.For(ConfigurationFile.Parse($"[server]\n{keys}", "pot.conf"))).ShouldBe(names);

    [Fact]
    public void A_certificate_without_its_key_in_the_configuration_is_a_mistake() =>
        Should.Throw<ConfigurationException>(() => CertificateFiles.Locate(ConfigurationFile.Parse("[server]\nssl_certfile = /x.crt", "pot.conf"))).Message
            .ShouldBe("pot.conf: [server] ssl_certfile is given without [server] ssl_keyfile; give both, or none and the server makes them");
}
