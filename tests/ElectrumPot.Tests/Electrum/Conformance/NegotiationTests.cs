// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>Protocol, "Version negotiation": the forms of the request, and what stays possible afterwards.</summary>
public sealed class NegotiationTests(ConformanceServer servers) : IClassFixture<ConformanceServer>
{
    public static TheoryData<string> Versions => [.. VersionMatrix.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_answer_is_a_text_up_to_1_0_and_a_pair_from_1_1(string version)
    {
        string shape = VersionMatrix.IndexOf(version) <= VersionMatrix.IndexOf("1.0") ? $"\"{version}\"" : $"[\"ElectrumPot 1.2.3\",\"{version}\"]";
        foreach (string args in (string[])[$"[\"x\",\"{version}\"]", $"{{\"client_name\":\"x\",\"protocol_version\":\"{version}\"}}", $"[\"x\",[\"{version}\",\"{version}\"]]"])
            Shape.ShouldFit(StrictReply.Result(await servers.Callable.Connect().ExchangeAsync(Request(args)), "7"), shape);
    }

    [Theory]
    [InlineData("""["1.9.8.1","0.9"]""", "0.9")]
    [InlineData("""["2.9.0","0.10"]""", "0.10")]
    [InlineData("""["3.1.2","1.2"]""", "1.2")]
    [InlineData("""["electrum/4.3.4","1.4"]""", "1.4")]
    [InlineData("""["electrum/4.8.1",["1.4","1.6"]]""", "1.6")]
    [InlineData("""["ElectrumX 1.20.0",["1.4","1.6"]]""", "1.6")]
    [InlineData("""["x",["1.4","1.4.5"]]""", "1.4.3")]
    [InlineData("""["Electron Cash",["1.4","1.5.3"]]""", "1.4.3")]
    [InlineData("""["x",["1.4","2.0"]]""", "1.7")]
    [InlineData("""["x",["0.6","0.7"]]""", "0.8")]
    [InlineData("""["x","0.6"]""", "0.8")]
    [InlineData("""["x",1.4]""", "1.4")]
    [InlineData("""["x","1"]""", "1.0")]
    [InlineData("""["x","1.4.0"]""", "1.4")]
    [InlineData("""["x","1.6",{"anything":[1]},2]""", "1.6")]
    [InlineData("""{"client_name":"x","protocol_version":"1.6","more":1}""", "1.6")]
    [InlineData("""["x",["1.5","1.7"]]""", "1.7")]
    public async Task Each_known_form_agrees_on_the_newest_version_in_common(string args, string version)
    {
        JsonElement result = StrictReply.Result(await servers.Callable.Connect().ExchangeAsync(Request(args)), "7");
        (result.ValueKind == JsonValueKind.Array ? result[1] : result).GetString().ShouldBe(version);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"params\":[]")]
    [InlineData(",\"params\":[\"\"]")]
    [InlineData(",\"params\":[\"x\"]")]
    [InlineData(",\"params\":null")]
    public async Task Without_a_version_the_wallet_is_an_old_one(string parameters)
    {
        TestWallet wallet = servers.Callable.Connect();
        string? line = await wallet.ExchangeAsync($$"""{"id":7,"method":"server.version"{{parameters}}}""");
        StrictReply.Result(line, "7").ValueKind.ShouldBe(JsonValueKind.String);
        (await wallet.CallAsync("blockchain.headers.subscribe")).GetProperty("result").TryGetProperty("block_height", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"1.8\"")]
    [InlineData("[\"1.8\",\"9.0\"]")]
    [InlineData("[\"1.6\",\"1.4\"]")]
    [InlineData("\"rubbish\"")]
    [InlineData("[\"1.5\",\"1.5\"]")]
    public async Task Nothing_in_common_is_an_error_and_the_end(string version)
    {
        TestWallet wallet = servers.Callable.Connect();
        (int code, string message) = StrictReply.Error(await wallet.ExchangeAsync(Request($"[\"x\",{version}]")), "7");
        code.ShouldBe(1);
        message.ShouldStartWith("unsupported protocol version: ");
        (await wallet.ReadLineAsync()).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_is_a_ping_up_to_1_3_and_an_error_from_1_4(string version)
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync(version);
        string? again = await wallet.ExchangeAsync(Request($"[\"x\",\"{version}\"]"));
        if (VersionMatrix.IndexOf(version) <= VersionMatrix.IndexOf("1.3")) StrictReply.Result(again, "7");
        else StrictReply.Error(again, "7").ShouldBe((1, "server.version already sent"));
        StrictReply.Result(await wallet.ExchangeAsync("""{"jsonrpc":"2.0","id":8,"method":"server.banner"}"""), "8");
    }

    [Fact]
    public async Task Who_negotiates_anew_gets_the_shapes_of_the_new_version()
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync("0.9");
        Shape.ShouldFit((await wallet.CallAsync("blockchain.headers.subscribe")).GetProperty("result"), ConformanceServer.Fill("{$dictionarytip}"));
        await wallet.NegotiateAsync("1.3");
        Shape.ShouldFit((await wallet.CallAsync("blockchain.headers.subscribe")).GetProperty("result"), ConformanceServer.Fill("{height:2100,hex:\"$headertip\"}"));
    }

    [Theory]
    [InlineData("blockchain.headers.subscribe", "[]", "{$dictionarytip}")]
    [InlineData("blockchain.headers.subscribe", "[true]", "{height:2100,hex:\"$headertip\"}")]
    [InlineData("blockchain.block.headers", "[5,1]", "{count:1,hex:\"$header5\",max:2016}")]
    [InlineData("blockchain.scripthash.get_balance", "[\"$scripthash\"]", "{confirmed:10000,unconfirmed:-1500}")]
    [InlineData("blockchain.address.subscribe", "[\"$address\"]", "\"$status\"")]
    [InlineData("blockchain.numblocks.subscribe", "[]", "2100")]
    [InlineData("blockchain.utxo.get_address", "[\"$first\",0]", "\"$address\"")]
    [InlineData("server.features", "[]", "$features,hash_function:\"sha256\"}")]
    [InlineData("server.ping", "[]", "null")]
    public async Task Who_never_negotiates_is_served_like_0_10_and_may_negotiate_later(string method, string args, string shape)
    {
        TestWallet wallet = servers.Callable.Connect();
        JsonElement reply = await wallet.CallAsync(method, ConformanceServer.Fill(args));
        Shape.ShouldFit(reply.GetProperty("result"), ConformanceServer.Fill(shape));
        (await wallet.ResultAsync("server.version", """["3.1.0","1.2"]""")).ShouldBe("""["ElectrumPot 1.2.3","1.2"]""");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Requests_in_the_same_packet_are_answered_under_the_agreed_version(string version)
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.SendAsync(Request($"[\"x\",\"{version}\"]") + "\n" + """{"jsonrpc":"2.0","id":8,"method":"blockchain.headers.subscribe"}""" + "\n");
        StrictReply.Result(await wallet.ReadLineAsync(), "7");
        bool isRaw = VersionMatrix.IndexOf(version) >= VersionMatrix.IndexOf("1.3");
        StrictReply.Result(await wallet.ReadLineAsync(), "8").TryGetProperty("hex", out _).ShouldBe(isRaw);
    }

    [Fact]
    public async Task A_client_name_of_any_length_and_kind_is_accepted()
    {
        foreach (string name in (string[])["", "\\u0000\\n\\ud83d\\ude00", new string('n', 100_000), "ä€\\\""])
            StrictReply.Result(await servers.Callable.Connect().ExchangeAsync(Request($"[\"{name}\",\"1.4\"]")), "7");
    }

    private static string Request(string args) => $$"""{"jsonrpc":"2.0","id":7,"method":"server.version","params":{{args}}}""";
}
