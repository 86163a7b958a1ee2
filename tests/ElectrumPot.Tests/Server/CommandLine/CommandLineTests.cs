// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.CommandLine;

public class CommandLineTests
{
    private static readonly string[] Commands = ["run", "demo", "check-config", "certificate", "status", "getpid", "stop", "snapshot", "db", "version"];

    [Fact]
    public async Task Help_names_every_command_and_every_exit_code()
    {
        (int code, string output, _) = await RunAsync("--help");

        code.ShouldBe(0);
        foreach (string command in Commands) output.ShouldContain($"\n  {command} ");
        foreach (ExitCode exit in Enum.GetValues<ExitCode>()) output.ShouldContain($"\n  {(int)exit}  ");
    }

    [Fact]
    public async Task Every_command_has_help_and_the_commands_that_act_have_examples()
    {
        foreach (string command in Commands)
        {
            (int code, string output, _) = await RunAsync(command, "--help");

            code.ShouldBe(0);
            output.ShouldContain($"electrum-pot-server {command}");
            if (command is not ("certificate" or "snapshot" or "db")) output.ShouldContain("Examples:\n  electrum-pot-server ", customMessage: command);
        }
    }

    [Theory]
    [InlineData("rnu", "error: 'rnu' is no command; did you mean 'run'?; see 'electrum-pot-server --help'")]
    [InlineData("certificate", "error: 'electrum-pot-server certificate' needs one of: create, show; see 'electrum-pot-server certificate --help'")]
    [InlineData("snapshot", "error: 'electrum-pot-server snapshot' needs one of: create, verify, restore, offer; see 'electrum-pot-server snapshot --help'")]
    [InlineData("snapshot verify --jason x", "error: Unrecognized command or argument 'x'; see 'electrum-pot-server snapshot verify --help'")]
    [InlineData("snapshot verify --config /nowhere/x.conf /nowhere/x.tar", "error: /nowhere/x.tar cannot be read: Could not find a part of the path '/nowhere/x.tar'.")]
    [InlineData("snapshot verify /nowhere/x.tar", "error: /nowhere/x.tar cannot be read: Could not find a part of the path '/nowhere/x.tar'.")]
    [InlineData("snapshot verify ftp://nowhere/x.tar", "error: ftp://nowhere/x.tar is neither a file nor an address that begins with http:// or https://")]
    [InlineData("db", "error: 'electrum-pot-server db' needs one of: info, verify, rewind; see 'electrum-pot-server db --help'")]
    [InlineData("db rewind 0", "error: blocks must be at least 1; see 'electrum-pot-server db rewind --help'")]
    [InlineData("run --cofnig x", "error: Unrecognized command or argument '--cofnig'; see 'electrum-pot-server run --help'")]
    [InlineData("run --config", "error: Required argument missing for option: '--config'; see 'electrum-pot-server run --help'")]
    [InlineData("demo --port x", "error: Cannot parse argument 'x' for option '--port' as expected type 'System.Int32'; see 'electrum-pot-server demo --help'")]
    [InlineData("demo --port 70000", "error: --port must be from 1 to 65529; see 'electrum-pot-server demo --help'")]
    [InlineData("run --config /nowhere/x.conf", "error: /nowhere/x.conf does not exist; copy electrum-pot.conf.sample there or name another file with --config")]
    [InlineData("check-config --config /nowhere/x.conf", "error: /nowhere/x.conf does not exist; copy electrum-pot.conf.sample there or name another file with --config")]
    public async Task A_mistake_is_one_line_on_standard_error_and_exit_code_2(string arguments, string line)
    {
        (int code, string output, string error) = await RunAsync(arguments.Split(' '));

        error.ShouldBe(line + "\n");
        output.ShouldBeEmpty();
        code.ShouldBe((int)ExitCode.Configuration);
    }

    [Fact]
    public async Task No_command_at_all_shows_the_help_but_is_no_success()
    {
        (int code, string output, string error) = await RunAsync();

        code.ShouldBe((int)ExitCode.Configuration);
        output.ShouldBeEmpty();
        error.ShouldContain("Commands:");
    }

    [Fact]
    public async Task Version_names_server_database_and_runtime()
    {
        (int code, string output, _) = await RunAsync("version");

        code.ShouldBe(0);
        output.ShouldMatch(@"^Electrum-POT server \d+\.\d+\.\d+\nRocksDB \d+\.\d+.*\n\.NET \d+");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("getpid")]
    [InlineData("stop")]
    public async Task Where_no_server_runs_the_commands_say_so(string command)
    {
        int port = FreePort.Next();

        (int code, string output, string error) = await RunAsync(command, "--admin-port", $"{port}");

        code.ShouldBe((int)ExitCode.NotRunning);
        output.ShouldBeEmpty();
        error.ShouldStartWith($"error: no server runs: nothing listens on admin port {port} of this machine");
    }

    [Fact]
    public async Task Every_mistake_of_a_configuration_is_a_line_of_its_own()
    {
        using var folder = new TestFolder();
        string file = folder.Write("pot.conf", "[server]\nstratum_tcp_port = 70000\nhots = x\n");

        (int code, _, string error) = await RunAsync("run", "--config", file);

        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldBe(
            $"error: {file}, line 2: [server] stratum_tcp_port = 70000: must be a port from 1 to 65535, or empty for off\n" +
            $"error: {file}, line 3: [server] hots is not known; did you mean host?\n");
    }

    [Fact]
    public async Task Certificate_create_makes_what_certificate_show_shows()
    {
        using var folder = new TestFolder();
        string file = folder.Write("pot.conf", $"[server]\nhost = pot.example.org\n[rocksdb]\npath = {folder["data"]}\n");

        (int missing, _, string advice) = await RunAsync("certificate", "show", "--config", file);
        (int created, string made, _) = await RunAsync("certificate", "create", "--config", file);
        (int shown, string output, _) = await RunAsync("certificate", "show", "--config", file);
        (int again, _, string refusal) = await RunAsync("certificate", "create", "--config", file);

        (missing, created, shown, again).ShouldBe(((int)ExitCode.CannotStart, 0, 0, (int)ExitCode.CannotStart));
        advice.ShouldContain("there is no certificate at");
        output.ShouldBe(made);
        output.ShouldContain("names        pot.example.org");
        output.ShouldMatch("SHA-256      [0-9a-f]{64}");
        refusal.ShouldContain("exists already and is not overwritten");
    }

    [Fact]
    public async Task Check_config_prints_a_finding_a_line_and_fails_when_the_daemon_is_away()
    {
        using var folder = new TestFolder();
        string file = folder.Write(
            "pot.conf",
            $"""
            [server]
            stratum_tcp_port = {FreePort.Next()}
            stratum_tcp_ssl_port = {FreePort.Next()}
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            [rocksdb]
            path = {folder["data"]}
            [potcoind]
            host = 127.0.0.1
            port = {FreePort.Next()}
            user = alice
            password = hunter2
            [admin]
            port = {FreePort.Next()}
            """);

        (int code, string output, _) = await RunAsync("check-config", "--config", file);

        code.ShouldBe((int)ExitCode.CannotStart);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(
            line => line.StartsWith("ok ") || line.StartsWith("note ") || line.StartsWith("warning ") || line.StartsWith("error "));
        output.ShouldContain("error    ");
        output.ShouldContain("ok       data folder");
        output.ShouldNotContain("hunter2");
        Directory.Exists(folder["data"]).ShouldBeFalse("a check changes nothing");
    }

    [Fact]
    public async Task Check_config_is_content_with_a_daemon_of_the_coin()
    {
        using var folder = new TestFolder();
        await using DevNode node = await DevNode.StartAsync(
            new DevNodeOptions { BlockCount = 60, LastPowHeight = 30, LargeBlockTransactions = 0, SlowWrites = false }, TestContext.Current.CancellationToken);
        string file = folder.Write(
            "pot.conf",
            $"""
            [server]
            stratum_tcp_port = {FreePort.Next()}
            stratum_tcp_ssl_port = {FreePort.Next()}
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            [rocksdb]
            path = {folder["data"]}
            [potcoind]
            host = {DevNode.Host}
            port = {node.Port}
            user = {node.Options.User}
            password = {node.Options.Password}
            [admin]
            port = {FreePort.Next()}
            """);

        (int code, string output, _) = await RunAsync("check-config", "--config", file);

        code.ShouldBe(0, output);
        output.ShouldMatch($@"ok       daemon {DevNode.Host}:{node.Port}: Potcoin, .*, block 60\n");
        output.ShouldContain("note     no certificate yet; the first start makes");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RootCommands.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
