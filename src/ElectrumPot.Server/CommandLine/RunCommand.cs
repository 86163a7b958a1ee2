// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;
using ElectrumPot.Server.Logging;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.CommandLine;

internal static class RunCommand
{
    public static Command Create()
    {
        Option<string?> config = CommonOptions.Config();
        Option<bool> quiet = CommonOptions.Quiet();
        var command = new DocumentedCommand(
            "run",
            "Run the server in the foreground; SIGTERM or SIGINT stops it cleanly. The ports for wallets open when the index has caught up with the daemon for the first time.",
            "electrum-pot-server run",
            "electrum-pot-server run --config /etc/electrum-pot.conf");
        command.Options.Add(config);
        command.Options.Add(quiet);
        command.SetAction(async (parsed, _) =>
        {
            ServerConfiguration configuration = ConfigurationFile.Load(parsed.GetValue(config));
            using var stop = new StopRequest();
            using var signals = new StopSignals(stop);
            bool console = !parsed.GetValue(quiet);
            TerminalLine? line = console ? TerminalLine.OfConsole() : null;
            await RunLoggedAsync(configuration, console, loggers => new ServerRun(configuration, stop, loggers, TimeProvider.System) { Line = line }.RunAsync(), line);
        });
        return command;
    }

    /// <summary>Runs with a log that also gets the reason of a failure.</summary>
    /// <param name="line">Where the progress of the import is shown on a terminal.</param>
    public static async Task RunLoggedAsync(ServerConfiguration configuration, bool console, Func<ILoggerFactory, Task> action, TerminalLine? line = null)
    {
        using ILoggerFactory loggers = LogSetup.Create(configuration, console, line);
        ILogger log = loggers.CreateLogger("ElectrumPot.Server");
        try
        {
            await action(loggers);
            log.LogInformation("stopped");
        }
        catch (Exception failure)
        {
            CommandFailure known = Failures.Translate(failure);
            log.LogCritical(known.Code == ExitCode.Unexpected ? failure : null, "stopped: {Reason}", known.Message);
            throw known;
        }
    }
}
