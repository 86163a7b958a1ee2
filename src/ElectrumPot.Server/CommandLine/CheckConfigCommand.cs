// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Looks at everything a start needs and prints a finding a line.</summary>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        var sample = new Option<bool>("--print-sample") { Description = "Print a sample configuration with every key and leave." };
        var reference = new Option<bool>("--print-reference") { Description = "Print the reference of all keys (Markdown) and leave." };
        var command = new DocumentedCommand(
            "check-config",
            "Check the configuration, the daemon, the certificate, the data folder, the ports and the file limit; print a finding a line.",
            "electrum-pot-server check-config --config /etc/electrum-pot.conf",
            "electrum-pot-server check-config --print-sample > electrum-pot.conf");
        command.Options.Add(config);
        command.Options.Add(sample);
        command.Options.Add(reference);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(sample)) await output.WriteAsync(ConfigurationSample.Write().AsMemory(), cancellationToken);
            else if (parsed.GetValue(reference)) await output.WriteAsync(ConfigurationPage.Write().AsMemory(), cancellationToken);
            else return (int)await CheckAsync(ConfigurationFile.Load(parsed.GetValue(config)), output, cancellationToken);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static async Task<ExitCode> CheckAsync(ServerConfiguration configuration, TextWriter output, CancellationToken cancellationToken)
    {
        bool failed = false;
        await foreach (Finding finding in new StartChecks(configuration, TimeProvider.System).RunAsync(cancellationToken))
        {
            failed |= finding.Severity == Severity.Error;
            string word = finding.Severity switch
            {
                Severity.Ok => "ok",
                Severity.Note => "note",
                Severity.Warning => "warning",
                _ => "error",
            };
            await output.WriteLineAsync($"{word,-8} {finding.Text}".AsMemory(), cancellationToken);
        }

        return failed ? ExitCode.CannotStart : ExitCode.Success;
    }
}
