// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Operation;

/// <summary>The commands of an operator, and configurations other than the usual one.</summary>
public sealed class CommandTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    [Fact]
    public async Task The_running_server_tells_its_state_its_process_and_its_fingerprint()
    {
        await using ElectrumClient wallet = await fixture.Server.ConnectAsync();
        int height = await fixture.Daemon.HeightAsync();

        (int code, string text) = await fixture.Server.CommandAsync("status");
        code.ShouldBe(0);
        text.ShouldContain("Litecoin regtest");
        text.ShouldContain("caught up");

        (_, string json) = await fixture.Server.CommandAsync("status", "--json");
        using JsonDocument status = JsonDocument.Parse(json);
        status.RootElement.GetProperty("height").GetInt32().ShouldBe(height);
        status.RootElement.GetProperty("pid").GetInt32().ShouldBe(fixture.Server.Process.Id);
        status.RootElement.GetProperty("sessions").GetInt32().ShouldBeGreaterThan(0);

        (_, string pid) = await fixture.Server.CommandAsync("getpid");
        int.Parse(pid, CultureInfo.InvariantCulture).ShouldBe(fixture.Server.Process.Id);

        await using ElectrumClient secure = await fixture.Server.ConnectAsync(tls: true);
        string fingerprint = secure.Certificate!.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        (_, string certificate) = await fixture.Server.CommandAsync("certificate", "show");
        certificate.ShouldContain(fingerprint);
        json.ShouldContain(fingerprint);
    }

    [Fact]
    public async Task Stop_ends_the_server_with_its_database_closed_and_then_there_is_none()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        await server.StartAsync();

        (int code, string output) = await server.CommandAsync("stop");

        code.ShouldBe(0, output);
        server.Process.HasExited.ShouldBeTrue();
        (await server.Process.WaitForExitAsync()).ShouldBe(0);
        (int nobody, string error) = await server.CommandAsync("status");
        nobody.ShouldBe(5);
        error.ShouldStartWith("error: ");
    }

    [Fact]
    public async Task Both_signals_end_the_server_cleanly_and_wallets_are_told_by_the_end_of_the_connection()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        foreach (Action<int> signal in new Action<int>[] { Signal.Interrupt, Signal.Terminate })
        {
            await server.StartAsync();
            await using ElectrumClient wallet = await server.ConnectAsync(tls: true);

            signal(server.Process.Id);

            (await server.Process.WaitForExitAsync()).ShouldBe(0, server.Process.Output);
            await Eventually.HoldsAsync(() => wallet.IsClosed);
            server.Process.Output.ShouldContain("starting Electrum POT server");
        }
    }

    [Fact]
    public async Task The_certificate_of_the_first_start_lasts_twenty_years_and_is_kept()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        await server.StartAsync();
        string first = await File.ReadAllTextAsync(server.CertificateFile, TestContext.Current.CancellationToken);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(first);
        certificate.NotAfter.ShouldBeGreaterThan(DateTime.Now.AddYears(19));
        File.GetUnixFileMode((string)server.Configuration["server", "ssl_keyfile"]!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await server.StopAsync();
        await server.StartAsync();

        (await File.ReadAllTextAsync(server.CertificateFile, TestContext.Current.CancellationToken)).ShouldBe(first);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_configuration_of_2014_is_understood()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        string data = server.DataFolder;
        server.Configuration["rocksdb", "path"] = null;
        server.Configuration["rocksdb", "pruning_limit"] = null;
        server.Configuration["leveldb", "path_fulltree"] = data;
        server.Configuration["leveldb", "pruning_limit"] = 2;
        foreach (string key in new[] { "host", "port", "user", "password" })
        {
            server.Configuration["bitcoind", $"bitcoind_{key}"] = server.Configuration["potcoind", key];
            server.Configuration["potcoind", key] = null;
        }

        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);

        await using ElectrumClient client = await server.ConnectAsync();
        var index = await fixture.ModelAsync();
        await client.HistoriesShouldMatchAsync(index, pruningLimit: 2, index.ScriptHashes);
        server.Process.Output.ShouldContain("path_fulltree");
        Directory.Exists(data).ShouldBeTrue();
    }

    [Fact]
    public async Task A_coin_that_only_the_configuration_knows_is_served()
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        DefineCoin(server);

        await server.StartAsync();
        await server.CatchUpAsync(fixture.Daemon);

        await using ElectrumClient client = await server.ConnectAsync();
        await client.ShouldAllMatchAsync(await fixture.ModelAsync(), pruningLimit: 100);
        (await server.CommandAsync("status")).Output.ShouldContain("My own coin");
    }

    [Theory]
    [InlineData("genesis_hash", "530827f3")]
    [InlineData("address_version", "300")]
    [InlineData("transaction_format", "unknown")]
    [InlineData("block_time", "0")]
    [InlineData("no_such_key", "1")]
    public async Task A_wrong_coin_definition_is_refused_with_its_key(string key, string value)
    {
        await using ServerProcess server = ServerProcess.For(fixture.Daemon);
        DefineCoin(server);
        server.Configuration["coin:mine", key] = value;

        server.Launch();

        (await server.Process.WaitForExitAsync()).ShouldBe(2);
        string error = server.Process.Output.Split('\n').First(line => line.StartsWith("error: ", StringComparison.Ordinal));
        error.ShouldContain("coin:mine");
        error.ShouldContain(key);
    }

    private static void DefineCoin(ServerProcess server)
    {
        server.Configuration["server", "coin"] = "mine";
        foreach ((string key, object value) in new (string, object)[]
                 {
                     ("name", "My own coin"),
                     ("algo", "scrypt"),
                     ("genesis_hash", "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"),
                     ("message_start", "fabfb5da"),
                     ("address_version", 111),
                     ("script_version", 58),
                     ("transaction_format", "segwit"),
                     ("block_format", "plain"),
                     ("rpc_port", 19443),
                     ("block_time", 150),
                 })
        {
            server.Configuration["coin:mine", key] = value;
        }
    }
}
