// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.CommandLine;

internal static class CertificateCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand("certificate", "Make or show the certificate of the TLS port.");
        command.Subcommands.Add(WithConfiguration(
            new DocumentedCommand(
                "create",
                "Make a self-signed certificate for 20 years, unless there is one. 'run' does the same at its first start.",
                "electrum-pot-server certificate create --config /etc/electrum-pot.conf"),
            CreateFiles));
        command.Subcommands.Add(WithConfiguration(
            new DocumentedCommand(
                "show",
                "Show files, names, dates and the SHA-256 fingerprint.",
                "electrum-pot-server certificate show",
                "electrum --serverfingerprint FINGERPRINT --server HOST:50002:s"),
            Show));
        return command;
    }

    private static DocumentedCommand WithConfiguration(DocumentedCommand command, Action<ServerConfiguration, TextWriter> action)
    {
        Option<string?> config = CommonOptions.Config();
        command.Options.Add(config);
        command.SetAction(parsed => action(ConfigurationFile.Load(parsed.GetValue(config)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static void CreateFiles(ServerConfiguration configuration, TextWriter output)
    {
        CertificateFiles.Locate(configuration).Create(CertificateNames.For(configuration), TimeProvider.System);
        Show(configuration, output);
    }

    private static void Show(ServerConfiguration configuration, TextWriter output)
    {
        CertificateFiles files = CertificateFiles.Locate(configuration);
        if (files.AreAbsent())
            throw new CertificateException($"there is no certificate at {files.Certificate} yet; 'electrum-pot-server certificate create' or the first 'run' makes one");
        using ServerCertificate certificate = files.Load();
        output.WriteLine($"certificate  {files.Certificate}");
        output.WriteLine($"key          {files.Key}");
        output.WriteLine($"names        {string.Join(", ", certificate.Names)}");
        output.WriteLine($"valid        {ServerCertificate.Day(certificate.NotBefore)} to {ServerCertificate.Day(certificate.NotAfter)}{(certificate.SelfSigned ? ", self-signed" : "")}");
        output.WriteLine($"SHA-256      {certificate.Fingerprint}");
        if (certificate.FindProblem(TimeProvider.System.GetUtcNow()) is { } problem) output.WriteLine($"warning      {problem}");
    }
}
