// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Logging;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Commands that ask the running server.</summary>
internal static class AdminCommands
{
    private static readonly TimeSpan ExitPoll = TimeSpan.FromMilliseconds(100);

    public static Command Status()
    {
        Option<bool> json = CommonOptions.Json();
        var watch = new Option<bool>("--watch") { Description = "Show the progress of the import until wallets are served." };
        var limit = new Option<int>("--for") { Description = "With --watch: end after so many seconds at the latest.", HelpName = "SECONDS", DefaultValueFactory = _ => int.MaxValue };
        Command command = WithClient(
            new DocumentedCommand(
                "status",
                "Show what the running server does: height, progress, daemon, wallets, memory, certificate, warnings.",
                "electrum-pot-server status",
                "electrum-pot-server status --watch",
                "electrum-pot-server status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[\"height\"])'"),
            async (client, parsed, cancellationToken) =>
            {
                if (parsed.GetValue(watch))
                {
                    var following = new StatusWatch(client.GetStatusAsync, TerminalLine.OfConsole(), parsed.InvocationConfiguration.Output, TimeProvider.System);
                    await following.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(limit)), cancellationToken);
                    return;
                }

                StatusReport report = await client.GetStatusAsync(cancellationToken);
                string text = parsed.GetValue(json) ? JsonSerializer.Serialize(report, AdminJson.Default.StatusReport) : StatusText.Write(report);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            });
        command.Options.Add(json);
        command.Options.Add(watch);
        command.Options.Add(limit);
        return command;
    }

    public static Command GetPid() => WithClient(
        new DocumentedCommand("getpid", "Print the process id of the running server.", "electrum-pot-server getpid"),
        async (client, parsed, cancellationToken) =>
        {
            int pid = await client.GetPidAsync(cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{pid}".AsMemory(), cancellationToken);
        });

    public static Command Stop() => WithClient(
        new DocumentedCommand(
            "stop",
            "Stop the running server and wait until its database is closed. The password, if one is configured, is taken from the configuration.",
            "electrum-pot-server stop"),
        async (client, parsed, cancellationToken) =>
        {
            int pid = await client.StopAsync(cancellationToken);
            await WaitForExitAsync(pid, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"stopped (process {pid})".AsMemory(), cancellationToken);
        });

    private static DocumentedCommand WithClient(DocumentedCommand command, Func<AdminClient, ParseResult, CancellationToken, Task> action)
    {
        Option<string?> config = CommonOptions.Config();
        Option<int?> port = CommonOptions.AdminPort();
        command.Options.Add(config);
        command.Options.Add(port);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServerConfiguration configuration = Load(parsed.GetValue(config));
            int admin = parsed.GetValue(port) ?? configuration.Get(AdminSection.Port)
                ?? throw new CommandFailure(ExitCode.NotRunning, $"{configuration.File}: [admin] port is off; without it the server cannot be asked. Use signals: SIGTERM stops it");
            using var client = new AdminClient(admin, configuration.Get(ServerSection.Password));
            await action(client, parsed, cancellationToken);
        });
        return command;
    }

    /// <summary>A demonstration runs without a file, on the default port.</summary>
    internal static ServerConfiguration Load(string? named) =>
        named is null && !ConfigurationFile.DefaultPlaces.Any(File.Exists) ? ConfigurationFile.Parse("", "electrum-pot.conf") : ConfigurationFile.Load(named);

    private static async Task WaitForExitAsync(int pid, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            while (!process.HasExited) await Task.Delay(ExitPoll, cancellationToken);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }
}
