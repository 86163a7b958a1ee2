// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.CommandLine;

/// <summary>All commands, and what a command line comes to.</summary>
internal static class RootCommands
{
    private static readonly string[] ExitCodes =
    [
        "0  success",
        "1  unexpected error; the log has the details",
        "2  mistake in the command line or the configuration, or a database made with another one; starting again does not help",
        "3  cannot start: port taken, database in use, certificate unreadable, wrong daemon or password, snapshot that does not fit",
        "4  storage failure: disk full, I/O error, damaged database or snapshot; look before starting again",
        "5  the command needs a running server and there is none",
        "6  the running server refused",
    ];

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        if (arguments.Length == 0)
        {
            await Create().Parse(["--help"], parser).InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
            return (int)ExitCode.Configuration;
        }

        ParseResult parsed = Create().Parse(arguments, parser);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"error: {Explain(parsed)}");
            return (int)ExitCode.Configuration;
        }

        // Signals are the business of the commands that run for long: they end in order, however long that takes.
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception failure)
        {
            CommandFailure known = Failures.Translate(failure);
            foreach (string line in known.Message.Split('\n')) await error.WriteLineAsync($"error: {line}");
            return (int)known.Code;
        }
    }

    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = PathOf(command);
        string problem = parsed.Errors[0].Message.TrimEnd('.');
        if (command.Subcommands.Count > 0)
        {
            // The library only says that a command is missing.
            string known = string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name));
            string? word = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
            problem = word is null
                ? $"'{path}' needs one of: {known}"
                : Spelling.Closest(word, command.Subcommands.Select(subcommand => subcommand.Name)) is { } guess
                    ? $"'{word}' is no command; did you mean '{guess}'?"
                    : $"'{word}' is no command; there are {known}";
        }

        return $"{problem}; see '{path} --help'";
    }

    private static string PathOf(Command command) => command is RootCommand
        ? "electrum-pot-server"
        : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static RootCommand Create()
    {
        var root = new RootCommand("Electrum protocol server for Potcoin and coins like it.") { HelpName = "electrum-pot-server" };
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(CheckConfigCommand.Create());
        root.Subcommands.Add(CertificateCommand.Create());
        root.Subcommands.Add(AdminCommands.Status());
        root.Subcommands.Add(AdminCommands.GetPid());
        root.Subcommands.Add(AdminCommands.Stop());
        root.Subcommands.Add(SnapshotCommands.Create());
        root.Subcommands.Add(DatabaseCommands.Create());
        root.Subcommands.Add(VersionCommand.Create());

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithNotes((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The usual help, then examples or exit codes.</summary>
    private sealed class HelpWithNotes(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = usual.Invoke(parseResult);
            (string title, IReadOnlyList<string> lines) = parseResult.CommandResult.Command switch
            {
                RootCommand => ("Exit codes:", ExitCodes),
                DocumentedCommand { Examples.Count: > 0 } command => ("Examples:", command.Examples),
                _ => ("", []),
            };
            if (lines.Count == 0) return code;
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(title);
            foreach (string line in lines) output.WriteLine($"  {line}");
            return code;
        }
    }
}

/// <summary>A command whose help ends with examples.</summary>
internal sealed class DocumentedCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
