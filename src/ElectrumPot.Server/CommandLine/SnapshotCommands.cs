// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Copies of the database: made, checked, taken.</summary>
internal static class SnapshotCommands
{
    public static Command Create()
    {
        var command = new DocumentedCommand("snapshot", "Make, check or restore a copy of the database in one file.");
        command.Subcommands.Add(CreateCreate());
        command.Subcommands.Add(CreateVerify());
        command.Subcommands.Add(CreateRestore());
        command.Subcommands.Add(CreateOffer());
        return command;
    }

    private static DocumentedCommand CreateCreate()
    {
        var file = new Argument<string?>("FILE") { Description = "Default: snapshots/COIN-HEIGHT.tar of the data folder.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> config = CommonOptions.Config();
        Option<int?> port = CommonOptions.AdminPort();
        var command = new DocumentedCommand(
            "create",
            "Make a snapshot: of the running server, which goes on serving, or of the database of a stopped one. The password, if one is configured, is taken from the configuration.",
            "electrum-pot-server snapshot create",
            "electrum-pot-server snapshot create /mnt/backup/potcoin.tar");
        command.Arguments.Add(file);
        command.Options.Add(config);
        command.Options.Add(port);
        command.SetAction((parsed, _) => UntilStoppedAsync(async stop =>
        {
            ServerConfiguration configuration = AdminCommands.Load(parsed.GetValue(config));
            using var progress = ProgressLine.On(parsed.InvocationConfiguration.Error);
            var creation = new SnapshotCreation(configuration, parsed.GetValue(port) ?? configuration.Get(AdminSection.Port), parsed.GetValue(file), progress);
            string made = await creation.RunAsync(stop);
            progress.Dispose();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(made);
        }));
        return command;
    }

    private static DocumentedCommand CreateVerify()
    {
        var file = new Argument<string>("FILE") { Description = "A file, or an address that begins with http:// or https://." };
        Option<bool> json = CommonOptions.Json();
        Option<string?> config = CommonOptions.Config();
        config.Description = "Taken like everywhere, and not needed: a snapshot says of itself what there is to know.";
        var command = new DocumentedCommand(
            "verify",
            "Read a snapshot once, check everything in it against its checksums, and say what it is. Exit code 4 when it is damaged.",
            "electrum-pot-server snapshot verify potcoin-1234.tar",
            "electrum-pot-server snapshot verify --json https://example.org/potcoin-latest.tar");
        command.Arguments.Add(file);
        command.Options.Add(config);
        command.Options.Add(json);
        command.SetAction((parsed, _) => UntilStoppedAsync(async stop =>
        {
            using var progress = ProgressLine.On(parsed.InvocationConfiguration.Error);
            await using SnapshotSource source = await SnapshotSource.OpenAsync(parsed.GetValue(file)!, stop);
            SnapshotReader reader = await SnapshotReader.OpenAsync(source.Stream, source.Name, stop);
            await reader.ReadFilesAsync(folder: null, progress, stop);
            progress.Dispose();
            var description = new SnapshotDescription(source.Name, reader.Manifest);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                parsed.GetValue(json) ? JsonSerializer.Serialize(description, SnapshotDescriptionJson.Default.SnapshotDescription) : description.ToText());
        }));
        return command;
    }

    private static DocumentedCommand CreateRestore()
    {
        var file = new Argument<string?>("FILE") { Description = "A file, or an address that begins with http:// or https://. Default: [rocksdb] snapshot_url.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> config = CommonOptions.Config();
        var ifAbsent = new Option<bool>("--if-absent") { Description = "Do nothing when there is a database already." };
        var withoutDaemon = new Option<bool>("--unchecked") { Description = "Restore even when the daemon cannot be asked whether the snapshot is on its chain." };
        var command = new DocumentedCommand(
            "restore",
            "Make the database out of a snapshot, where there is none. Checked before and while it is written; refused when it does not fit the configuration or the daemon's chain. "
            + "A snapshot is as trustworthy as the place it comes from.",
            "electrum-pot-server snapshot restore potcoin-1234.tar",
            "electrum-pot-server snapshot restore https://example.org/potcoin-latest.tar");
        command.Arguments.Add(file);
        command.Options.Add(config);
        command.Options.Add(ifAbsent);
        command.Options.Add(withoutDaemon);
        command.SetAction((parsed, _) => UntilStoppedAsync(async stop =>
        {
            ServerConfiguration configuration = ConfigurationFile.Load(parsed.GetValue(config));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(ifAbsent) && StoppedDatabase.Exists(DataFolder.Index(configuration)))
            {
                await output.WriteLineAsync($"there is a database already: {DataFolder.Index(configuration)}; nothing was restored");
                return;
            }

            string place = parsed.GetValue(file) ?? configuration.Get(RocksDbSection.SnapshotUrl)?.OriginalString
                ?? throw new CommandFailure(ExitCode.Configuration, $"name the snapshot to restore, or set {RocksDbSection.SnapshotUrl} in {configuration.File}");
            using var progress = ProgressLine.On(parsed.InvocationConfiguration.Error);
            string? warning = null;
            await using SnapshotSource source = await SnapshotSource.OpenAsync(place, stop);
            SnapshotManifest manifest = await new SnapshotRestorer(PartOptions.Index(configuration)).RestoreAsync(
                source.Stream,
                source.Name,
                async (found, cancellationToken) =>
                    warning = await SnapshotChainCheck.RequireAsync(configuration, found, parsed.GetValue(withoutDaemon), cancellationToken),
                progress,
                stop);
            progress.Dispose();
            if (warning is not null) await output.WriteLineAsync($"warning: whether the snapshot is on the daemon's chain was not checked: {warning}");
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"restored {DataFolder.Index(configuration)} from {source.Name}: block {manifest.Height:N0}. The server goes on from there when it is started"));
        }));
        return command;
    }

    private static DocumentedCommand CreateOffer()
    {
        Option<string?> config = CommonOptions.Config();
        var command = new DocumentedCommand(
            "offer",
            "Print the address of [rocksdb] snapshot_url if there is no database yet, else nothing; for scripts that offer to fetch it.",
            "electrum-pot-server snapshot offer");
        command.Options.Add(config);
        command.SetAction(parsed =>
        {
            ServerConfiguration configuration = ConfigurationFile.Load(parsed.GetValue(config));
            if (configuration.Get(RocksDbSection.SnapshotUrl) is { } address && !StoppedDatabase.Exists(DataFolder.Index(configuration)))
                parsed.InvocationConfiguration.Output.WriteLine(address.OriginalString);
        });
        return command;
    }

    /// <summary>A signal ends the work where it is, so that it can remove what is half done.</summary>
    private static async Task UntilStoppedAsync(Func<CancellationToken, Task> work)
    {
        using var stop = new StopRequest();
        using var signals = new StopSignals(stop);
        try
        {
            await work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Reason is { } reason)
        {
            throw new CommandFailure(ExitCode.Unexpected, $"broken off ({reason}); nothing half done is left");
        }
    }
}
