// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Tests.Electrum.Support;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>Protocol, "JSON-RPC shape": what goes around the methods.</summary>
public sealed class JsonRpcTests(ConformanceServer servers) : IClassFixture<ConformanceServer>
{
    private const int ParseError = -32700;
    private const int InvalidRequest = -32600;

    public static TheoryData<string> Ids =>
    [
        "0", "-1", "7", "1.50", "1e2", "1E+2", "-0.0", "12345678901234567890", "123456789012345678901234567890.5", "\"\"", "\"7\"", "\"é\"", "\"\\u00e9\"",
        "\"\\\"\\\\\\/\\b\\n\"", "\"\\ud83d\\ude00😀\"", "[]", "[1, [2]]", "{}", "{ \"a\" : [1.0, null] }", "true", "false", "\"null\"",
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_id_comes_back_byte_for_byte(string id)
    {
        TestWallet wallet = servers.Callable.Connect();
        await ExpectEchoAsync(wallet, id);
        string? later = await wallet.ExchangeAsync(ConformanceServer.Fill($$"""{"id":{{id}},"method":"blockchain.transaction.get","params":["$first"]}"""));
        StrictReply.Result(later, id);
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"id":{{id}},"method":"no.such"}"""), id);
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"id":{{id}}}"""), id).Code.ShouldBe(InvalidRequest);
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"id":{{id}},"method":"server.banner","params":5}"""), id);
        string? batch = await wallet.ExchangeAsync($$"""[{"id":{{id}},"method":"server.banner"}]""");
        StrictReply.Result(batch![1..^1], id);
        await wallet.NegotiateAsync("0.9");
        StrictReply.LegacyError(await wallet.ExchangeAsync($$"""{"id":{{id}},"method":"no.such"}"""), id);
    }

    [Fact]
    public async Task So_does_any_other_id()
    {
        Gen<string> texts = from text in ArbMap.Default.GeneratorFor<string>() select JsonSerializer.Serialize(text ?? "");
        Gen<string> numbers = from number in ArbMap.Default.GeneratorFor<decimal>() select number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Gen<string> simple = Gen.OneOf(texts, numbers, Gen.Elements("true", "false"));
        Gen<string> nested = from values in Gen.ListOf(Gen.OneOf(simple, Gen.Constant("null"))) select $"[{string.Join(" , ", values)}]";
        TestWallet wallet = servers.Callable.Connect();
        foreach (string id in Gen.Sample(Gen.OneOf(simple, nested), 300))
            await ExpectEchoAsync(wallet, id);
    }

    [Theory]
    [InlineData("""{"method":"server.banner"}""")]
    [InlineData("""{"id":null,"method":"server.banner"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"no.such","params":[1]}""")]
    [InlineData("""{"id":null,"method":"blockchain.transaction.get","params":["zz"]}""")]
    [InlineData("""[{"method":"server.banner"},{"id":null,"method":"no.such"}]""")]
    [InlineData("")]
    [InlineData("   \r")]
    public async Task Without_an_id_there_is_no_reply(string line)
    {
        foreach (string version in (string[])["1.4", "1.6"])
        {
            TestWallet wallet = servers.Callable.Connect();
            await wallet.NegotiateAsync(version);
            await wallet.SendLineAsync(line);
            StrictReply.Result(await wallet.ExchangeAsync("""{"id":1,"method":"server.ping"}"""), "1");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"jsonrpc\":\"2.0\",")]
    [InlineData("\"jsonrpc\":\"1.0\",")]
    [InlineData("\"jsonrpc\":\"junk\",")]
    [InlineData("\"jsonrpc\":2.0,")]
    [InlineData("\"jsonrpc\":null,")]
    [InlineData("\"jsonrpc\":[{}],")]
    [InlineData("\"unknown\":{\"id\":9},")]
    public async Task Any_marker_and_any_further_member_is_answered_in_the_2_0_form(string member)
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync("1.4");
        StrictReply.Result(await wallet.ExchangeAsync($$"""{{{member}}"id":7,"method":"server.banner"}"""), "7");
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"id":7,{{member}}"method":"no.such"}"""), "7").Code.ShouldBe(-32601);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("\"jsonrpc\":\"2.0\",", false)]
    [InlineData("\"jsonrpc\":\"1.0\",", true)]
    [InlineData("\"jsonrpc\":null,", true)]
    public async Task Old_wallets_get_bare_errors_unless_they_claim_2_0(string member, bool isBare)
    {
        TestWallet wallet = servers.Callable.Connect();
        string request = $$"""{{{member}}"id":7,"method":"no.such"}""";
        StrictReply.Error(await wallet.ExchangeAsync(request), "7");
        foreach (string version in (string[])["0.8", "0.9", "0.10", "1.0", "1.1"])
        {
            await wallet.NegotiateAsync(version);
            string? line = await wallet.ExchangeAsync(request);
            if (isBare && version != "1.1") StrictReply.LegacyError(line, "7");
            else StrictReply.Error(line, "7").Code.ShouldBe(-32601);
            StrictReply.Result(await wallet.ExchangeAsync($$"""{{{member}}"id":8,"method":"server.banner"}"""), "8");
        }
    }

    [Theory]
    [InlineData("{", ParseError)]
    [InlineData("xx", ParseError)]
    [InlineData("{\"id\":1,\"method\":\"server.ping\"} x", ParseError)]
    [InlineData("{\"id\":01,\"method\":\"server.ping\"}", ParseError)]
    [InlineData("{'id':1}", ParseError)]
    [InlineData("[{\"id\":1,\"method\":\"server.ping\"}", ParseError)]
    [InlineData("[]", InvalidRequest)]
    [InlineData("5", InvalidRequest)]
    [InlineData("\"text\"", InvalidRequest)]
    [InlineData("null", InvalidRequest)]
    public async Task What_is_no_request_is_an_error_without_an_id_and_the_connection_lives(string line, int code)
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync("1.4");
        StrictReply.Error(await wallet.ExchangeAsync(line), "null").Code.ShouldBe(code);
        await ExpectEchoAsync(wallet, "1");
    }

    [Theory]
    [InlineData("xx")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{\"id\":5}")]
    public async Task An_old_wallet_gets_one_line_with_an_error_for_nonsense_and_the_connection_lives(string line)
    {
        TestWallet wallet = servers.Callable.Connect();
        await wallet.NegotiateAsync("0.9");
        JsonElement.Parse((await wallet.ExchangeAsync(line))!).TryGetProperty("error", out _).ShouldBeTrue();
        await ExpectEchoAsync(wallet, "1");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Deep_nesting_is_a_parse_error(int depth)
    {
        TestWallet wallet = servers.Callable.Connect();
        string nested = new string('[', depth) + new string(']', depth);
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"id":1,"method":"server.ping","params":{{nested}}}"""), "null").Code.ShouldBe(ParseError);
        StrictReply.Error(await wallet.ExchangeAsync($$"""{"x":{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1"""), "null").Code.ShouldBe(ParseError);
        await ExpectEchoAsync(wallet, "1");
    }

    [Fact]
    public async Task A_request_of_the_largest_size_is_answered_and_a_larger_one_is_refused()
    {
        const string Request = """{"id":1,"method":"server.banner"}""";
        TestWallet wallet = servers.Callable.Connect();
        StrictReply.Result(await wallet.ExchangeAsync(Request[..^1] + new string(' ', 999_990 - Request.Length) + "}"), "1");
        StrictReply.Error(await wallet.ExchangeAsync(Request[..^1] + new string(' ', 1_100_000) + "}"), "null");
    }

    [Fact]
    public async Task A_reply_over_the_limit_is_an_error_in_the_words_of_ElectrumX()
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false, options => options with { Limits = options.Limits with { MaxReplyBytes = 1000 } });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        (int code, string message) = await wallet.ErrorAsync("blockchain.block.headers", "[0,10]");
        code.ShouldBe(InvalidRequest);
        message.ShouldStartWith("response too large (over ");
    }

    [Theory]
    [InlineData(1, "0.00000001")]
    [InlineData(100, "0.000001")]
    [InlineData(100_000, "0.001")]
    [InlineData(100_000_000, "1")]
    [InlineData(100_000_001, "1.00000001")]
    [InlineData(22_000_000_000_000_000, "220000000")]
    public async Task Coins_are_exact_and_without_an_exponent(long amount, string coins)
    {
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false);
        server.Daemon.OnRelayFees = () => ValueTask.FromResult(RelayFees.Of(amount));
        server.Daemon.OnEstimate = _ => Task.FromResult<long?>(amount);
        TestWallet wallet = server.Connect();
        decimal.Parse(await wallet.ResultAsync("blockchain.relayfee"), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(decimal.Parse(coins, System.Globalization.CultureInfo.InvariantCulture));
        Shape.ShouldFit((await wallet.CallAsync("blockchain.relayfee")).GetProperty("result"), "coin");
        Shape.ShouldFit((await wallet.CallAsync("blockchain.estimatefee", "[2]")).GetProperty("result"), "coin");
    }

    private static async Task ExpectEchoAsync(TestWallet wallet, string id) =>
        StrictReply.Result(await wallet.ExchangeAsync($$"""{"id":{{id}},"method":"server.banner"}"""), id);
}
