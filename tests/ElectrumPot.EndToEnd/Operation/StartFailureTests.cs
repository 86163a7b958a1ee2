// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Operation;

/// <summary>What an operator gets wrong: one clear line that says what to do, an exit code, and nothing half done.</summary>
public sealed class StartFailureTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const int Configuration = 2;
    private const int CannotStart = 3;

    [Theory]
    [InlineData("server", "stratum_tcp_prot", "50001", "stratum_tcp_port")]
    [InlineData("server", "stratum_tcp_port", "many", "65535")]
    [InlineData("server", "stratum_tcp_port", "70000", "65535")]
    [InlineData("server", "coin", "litecoin-regtset", "litecoin-regtest")]
    [InlineData("rocksdb", "pruning_limit", "-1", "0")]
    [InlineData("schedule", "tip_poll", "often", "ms")]
    [InlineData("sever", "host", "localhost", "[server]")]
    [InlineData("potcoind", "pruning_limit", "3", "[rocksdb]")]
    public async Task A_mistake_in_the_configuration_is_named_with_file_line_key_and_remedy(string section, string key, string value, string remedy)
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        server.Configuration[section, key] = value;

        (int code, string output) = await RunToItsEndAsync(server);

        code.ShouldBe(Configuration);
        int line = server.Configuration.ToString().Split('\n').ToList().IndexOf(section == "sever" ? "[sever]" : $"{key} = {value}") + 1;
        string error = ErrorLine(output);
        error.ShouldContain($"{server.ConfigurationFile}, line {line}");
        error.ShouldContain(section == "sever" ? "sever" : key);
        error.ShouldContain(remedy);
        Directory.Exists(server.DataFolder).ShouldBeFalse("a server that cannot start leaves no traces");
    }

    [Fact]
    public async Task A_configuration_file_that_is_not_there_is_an_error()
    {
        await using ChildProcess run = ChildProcess.Start(ServerProcess.Executable, ["run", "--config", "/nowhere/electrum-pot.conf"], "");

        (await run.WaitForExitAsync()).ShouldBe(Configuration);

        ErrorLine(run.Output).ShouldContain("/nowhere/electrum-pot.conf");
    }

    [Theory]
    [InlineData("server", "stratum_tcp_port")]
    [InlineData("server", "stratum_tcp_ssl_port")]
    [InlineData("admin", "port")]
    public async Task A_port_in_use_is_named_with_its_key(string section, string key)
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, server.Configuration.Number(section, key)));
        taken.Listen();

        await ShouldRefuseAsync(server, [$"[{section}] {key}", $"{server.Configuration[section, key]}"]);
    }

    [Fact]
    public async Task A_data_folder_that_another_server_uses_is_left_alone()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        server.Configuration["rocksdb", "path"] = fixture.Server.DataFolder;
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);

        // What is looked at beforehand cannot find this: only the attempt to open it does.
        (int code, string output) = await RunToItsEndAsync(server);

        code.ShouldBe(CannotStart);
        ErrorLine(output).ShouldContain(fixture.Server.DataFolder);
        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_named()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        string file = Path.Combine(server.Folder, "a file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        server.Configuration["rocksdb", "path"] = Path.Combine(file, "database");

        (int checkCode, string findings) = await server.CommandAsync("check-config");
        (int code, string output) = await RunToItsEndAsync(server);

        checkCode.ShouldBe(CannotStart, findings);
        findings.ShouldContain($"{file} is a file");
        // The log would lie in that folder as well, and is what fails first.
        code.ShouldBeOneOf(Configuration, CannotStart);
        ErrorLine(output).ShouldContain(file);
    }

    [Theory]
    [InlineData("not a certificate", null)]
    [InlineData("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n")]
    public async Task An_unreadable_certificate_is_named_and_not_overwritten(string certificate, string? key)
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        await File.WriteAllTextAsync(server.CertificateFile, certificate, TestContext.Current.CancellationToken);
        if (key is not null) await File.WriteAllTextAsync((string)server.Configuration["server", "ssl_keyfile"]!, key, TestContext.Current.CancellationToken);

        await ShouldRefuseAsync(server, [server.Folder]);

        (await File.ReadAllTextAsync(server.CertificateFile, TestContext.Current.CancellationToken)).ShouldBe(certificate);
    }

    [Fact]
    public async Task A_certificate_with_the_key_of_another_is_refused()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        await using ServerProcess other = ServerProcess.For(fixture.Daemon);
        (await server.CommandAsync("certificate", "create")).ExitCode.ShouldBe(0);
        (await other.CommandAsync("certificate", "create")).ExitCode.ShouldBe(0);
        File.Copy(other.CertificateFile, server.CertificateFile, overwrite: true);

        await ShouldRefuseAsync(server, [server.CertificateFile]);
    }

    [Theory]
    [InlineData("bitcoin-regtest", "Bitcoin regtest")]
    [InlineData("potcoin", "Potcoin")]
    public async Task A_daemon_of_another_coin_is_refused(string coin, string name)
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        server.Configuration["server", "coin"] = coin;

        await ShouldRefuseAsync(server, [name, "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"]);
    }

    [Fact]
    public async Task A_wrong_password_is_told_before_there_is_anything_to_serve()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        server.Configuration["potcoind", "password"] = "wrong";

        await ShouldRefuseAsync(server, ["password"]);
    }

    [Fact]
    public async Task With_an_index_a_wrong_password_is_a_warning_and_wallets_are_served()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);
        await server.StopAsync();
        server.Configuration["potcoind", "password"] = "wrong";

        await server.StartAsync();

        await using ElectrumClient client = await server.ConnectAsync();
        (await client.CallAsync("blockchain.headers.subscribe")).GetProperty("height").GetInt32().ShouldBeGreaterThan(0);
        (await server.CommandAsync("status")).Output.ShouldContain("password");
        server.Process.Output.ShouldContain("password");
        await server.StopAsync();
    }

    [Fact]
    public async Task A_daemon_that_is_away_is_waited_for()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        int port = FreePort.Next();
        server.Configuration["potcoind", "port"] = port;
        server.Launch();
        await Eventually.HoldsAsync(() => server.Process.Output.Contains("cannot be reached", StringComparison.Ordinal));
        (await server.CommandAsync("status")).Output.ShouldContain("cannot be reached");
        server.Process.HasExited.ShouldBeFalse();

        // The daemon comes up where it was expected.
        await using var relay = new TcpRelay(port, fixture.Daemon.RpcPort);

        await server.AcceptsClientsAsync();
        await server.CatchUpAsync(fixture.Daemon);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_configuration_in_order_is_found_in_order()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);

        (int code, string output) = await server.CommandAsync("check-config");

        code.ShouldBe(0, output);
        output.ShouldContain("Litecoin regtest");
        output.Split('\n').ShouldNotContain(line => line.StartsWith("error", StringComparison.Ordinal));
    }

    /// <summary>Both <c>check-config</c> and <c>run</c> must find it, in one line with all of these words.</summary>
    private static async Task ShouldRefuseAsync(ServerProcess server, string[] words)
    {
        (int checkCode, string findings) = await server.CommandAsync("check-config");
        checkCode.ShouldBe(CannotStart, findings);
        string finding = findings.Split('\n').First(line => line.StartsWith("error", StringComparison.Ordinal));
        foreach (string word in words) finding.ShouldContain(word);

        (int code, string output) = await RunToItsEndAsync(server);
        code.ShouldBe(CannotStart, output);
        foreach (string word in words) ErrorLine(output).ShouldContain(word);
    }

    private static async Task<(int Code, string Output)> RunToItsEndAsync(ServerProcess server)
    {
        server.Launch();
        int code = await server.Process.WaitForExitAsync();
        return (code, server.Process.Output);
    }

    private static string ErrorLine(string output) =>
        output.Split('\n').FirstOrDefault(line => line.StartsWith("error: ", StringComparison.Ordinal)).ShouldNotBeNull(output);
}
