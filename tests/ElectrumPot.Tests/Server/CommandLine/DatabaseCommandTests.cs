// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Index;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Tests.Index.Verification;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.CommandLine;

/// <summary><c>db info</c>, <c>db verify</c>, <c>db rewind</c>, and what a start and a check say of a database that does not fit.</summary>
public sealed class DatabaseCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Index => Path.Combine(_folder["data"], "index");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("db info")]
    [InlineData("db verify")]
    [InlineData("db rewind 1")]
    public async Task Where_there_is_no_database_none_is_made(string command)
    {
        (int code, _, string error) = await RunAsync(command);

        code.ShouldBe((int)ExitCode.CannotStart);
        error.ShouldBe($"error: There is no database in {Index}; the first start of the server makes it. If it should be there, check path in [rocksdb].\n");
        Directory.Exists(Index).ShouldBeFalse();
    }

    [Fact]
    public async Task Info_tells_what_the_database_is_in_words_and_in_json()
    {
        MakeDatabase();

        (int code, string text, _) = await RunAsync("db info");
        code.ShouldBe(0);
        text.ShouldContain("tip               no block yet");
        text.ShouldContain("pruning_limit     100");
        text.ShouldContain("import            complete");

        (_, string json, _) = await RunAsync("db info --json");
        using JsonDocument info = JsonDocument.Parse(json);
        info.RootElement.GetProperty("path").GetString().ShouldBe(Index);
        info.RootElement.GetProperty("coin").GetString().ShouldBe("potcoin");
        info.RootElement.GetProperty("height").GetInt32().ShouldBe(-1);
        info.RootElement.GetProperty("hash").ValueKind.ShouldBe(JsonValueKind.Null);
        info.RootElement.GetProperty("pruning_limit").GetInt32().ShouldBe(100);
        info.RootElement.GetProperty("undoable_blocks").GetInt32().ShouldBe(0);
        info.RootElement.GetProperty("tables").EnumerateArray().Select(table => table.GetProperty("name").GetString()).ShouldContain("scripts");
        info.RootElement.GetProperty("disk_bytes").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Verify_says_that_all_is_well_or_what_is_wrong_and_what_to_do()
    {
        MakeDatabase();
        (int sound, string good, _) = await RunAsync("db verify");
        sound.ShouldBe(0);
        good.ShouldContain("reading  unspent outputs");
        good.ShouldContain("sound    no block yet");

        using (var rows = new RawRows(Index)) rows.Put("aliases", [1, 2, 3], []);
        (int code, string output, string error) = await RunAsync("db verify");

        code.ShouldBe((int)ExitCode.Storage);
        output.ShouldContain("wrong    aliases: a row has a key of 3 and a value of 0 bytes");
        output.ShouldNotContain("sound ");
        error.ShouldStartWith($"error: the database {Index} is not sound (1 findings). Do not serve from it");
    }

    [Fact]
    public async Task Rewind_refuses_what_cannot_be_undone()
    {
        MakeDatabase();

        (int code, _, string error) = await RunAsync("db rewind 3");

        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldStartWith("error: no block can be taken back");
    }

    [Fact]
    public async Task A_raised_limit_is_said_with_file_values_and_command_by_start_and_check()
    {
        MakeDatabase(pruningLimit: 50);
        string file = _folder["pot.conf"];
        string expected = $"{file}: [rocksdb] pruning_limit = 100, but the database {Index} was made with pruning_limit = 50 and has forgotten what more would keep: "
            + $"set pruning_limit = 50 again, or remove the folder to import again: rm -r {Index} && electrum-pot-server run --config {file}";

        (int code, _, string error) = await RunAsync("run --quiet");
        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldBe($"error: {expected}\n");

        (int rewound, _, string same) = await RunAsync("db rewind 1");
        rewound.ShouldBe((int)ExitCode.Configuration);
        same.ShouldBe($"error: {expected}\n");

        (_, string findings, _) = await RunAsync("check-config");
        findings.ShouldContain($"error    {expected}\n");
    }

    [Fact]
    public async Task Another_coin_is_said_without_advice_to_remove_anything()
    {
        MakeDatabase(coin: "litecoin-regtest");

        (int code, _, string error) = await RunAsync("run --quiet");

        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldContain("belongs to coin = litecoin-regtest");
        error.ShouldContain("[server] coin = potcoin");
        error.ShouldNotContain("rm -r");
    }

    [Fact]
    public async Task Another_schema_is_said_with_the_command()
    {
        MakeDatabase();
        using (var rows = new RawRows(Index)) rows.Put("default", "schema"u8.ToArray(), [2, 0, 0, 0]);

        (int code, _, string error) = await RunAsync("run --quiet");

        code.ShouldBe((int)ExitCode.Configuration);
        error.ShouldContain($"the database {Index} has schema 2");
        error.ShouldContain($"rm -r {Index} && ");
    }

    [Fact]
    public async Task A_check_tells_of_the_database_and_of_a_lowered_limit()
    {
        (_, string before, _) = await RunAsync("check-config");
        before.ShouldContain($"note     no database yet; the first start imports the chain into {Index}\n");

        MakeDatabase(pruningLimit: 0);
        (_, string after, _) = await RunAsync("check-config");
        after.ShouldContain($"ok       database {Index}, no block yet\n");
        after.ShouldContain("note     [rocksdb] pruning_limit is lowered from 0 (all) to 100: the next start removes the history beyond it, without an import\n");
    }

    private void MakeDatabase(int pruningLimit = 100, string coin = "potcoin")
    {
        using ChainIndex index = ChainIndex.Open(new IndexOptions { Coin = CoinRegistry.BuiltIn.Get(coin), Path = Index, PruningLimit = pruningLimit });
        index.Writer.CompleteImport(CancellationToken.None);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string command)
    {
        string file = _folder.Write(
            "pot.conf",
            $"""
            [server]
            host = 127.0.0.1
            stratum_tcp_port = {FreePort.Next()}
            stratum_tcp_ssl_port =
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            [rocksdb]
            path = {_folder["data"]}
            pruning_limit = 100
            [potcoind]
            port = {FreePort.Next()}
            user = u
            password = p
            [admin]
            port = {FreePort.Next()}
            """);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RootCommands.RunAsync([.. command.Split(' '), "--config", file], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
