// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index;
using ElectrumPot.Index.Verification;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Hosting;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Commands that look at the database of a stopped server, or take it back.</summary>
internal static class DatabaseCommands
{
    public static Command Create()
    {
        var command = new DocumentedCommand("db", "Look at the database of a stopped server, verify it, or take it back by some blocks.");
        command.Subcommands.Add(Info());
        command.Subcommands.Add(Verify());
        command.Subcommands.Add(Rewind());
        return command;
    }

    private static DocumentedCommand Info()
    {
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = WithConfiguration(
            new DocumentedCommand(
                "info",
                "Show coin, tip, pruning limit, schema, how many blocks can be undone, and the size of each table. Changes nothing.",
                "electrum-pot-server db info",
                "electrum-pot-server db info --json"),
            (configuration, parsed, _) =>
            {
                DatabaseInfo info = DatabaseInfo.Of(IndexDatabase.ReadFacts(PartOptions.Index(configuration).Path));
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? info.WriteJson() : info.WriteText());
            });
        command.Options.Add(json);
        return command;
    }

    private static DocumentedCommand Verify() => WithConfiguration(
        new DocumentedCommand(
            "verify",
            "Read the whole database and prove that it is sound: the chain of headers, the transactions against their merkle roots, and every table "
                + "against the others. Changes nothing, but completes a commit that a kill has interrupted, as a start would. Exit code 4 when something is wrong.",
            "electrum-pot-server db verify"),
        (configuration, parsed, cancellationToken) =>
        {
            IndexOptions options = PartOptions.Index(configuration);
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"database {options.Path}");
            var text = new VerificationText(output, TimeProvider.System);
            VerificationReport report = IndexDatabase.Verify(options.Path, configuration.Coin, text.Show, cancellation: cancellationToken);
            text.WriteOutcome(report);
            if (report.IsSound) return;
            throw new CommandFailure(
                ExitCode.Storage,
                $"the database {options.Path} is not sound ({report.FindingCount} findings). Do not serve from it: put a copy of it in its place, "
                    + "or remove the folder, and the next start imports again. Keep the folder elsewhere if you want to report what happened");
        });

    private static DocumentedCommand Rewind()
    {
        var blocks = new Argument<int>("blocks") { Description = "Blocks to take back, at least 1. 'db info' tells how many can be." };
        blocks.Validators.Add(result =>
        {
            // What is no number at all is refused by the parser in its own words.
            if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int value) && value < 1)
                result.AddError("blocks must be at least 1");
        });
        DocumentedCommand command = WithConfiguration(
            new DocumentedCommand(
                "rewind",
                "Take the database back by some blocks. The server connects the daemon's blocks anew from there when it starts. Can be interrupted at any time.",
                "electrum-pot-server db rewind 10"),
            (configuration, parsed, cancellationToken) =>
            {
                IndexOptions options = PartOptions.Index(configuration);
                (int height, Hash256 hash) = DatabaseMismatch.Explain(
                    configuration, () => IndexDatabase.Rewind(options, parsed.GetValue(blocks), cancellation: cancellationToken));
                parsed.InvocationConfiguration.Output.WriteLine(
                    height < 0 ? "the database has no block now" : string.Create(CultureInfo.InvariantCulture, $"the tip is now block {height} {hash}"));
            });
        command.Arguments.Add(blocks);
        return command;
    }

    private static DocumentedCommand WithConfiguration(DocumentedCommand command, Action<ServerConfiguration, ParseResult, CancellationToken> action)
    {
        Option<string?> config = CommonOptions.Config();
        command.Options.Add(config);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => action(ConfigurationFile.Load(parsed.GetValue(config)), parsed, cancellationToken), cancellationToken));
        return command;
    }
}
