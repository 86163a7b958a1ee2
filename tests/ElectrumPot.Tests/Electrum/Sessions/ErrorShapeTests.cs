// SPDX-License-Identifier: MIT

using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

/// <summary>Errors in the shape of their era (protocol, "Error shapes by version").</summary>
public class ErrorShapeTests
{
    private const string Unknown = "unknown method: blockchain.foo";

    [Theory]
    [InlineData("0.8")]
    [InlineData("0.9")]
    [InlineData("0.10")]
    [InlineData("1.0")]
    public async Task A_wallet_of_the_first_era_gets_the_bare_text(string version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        (await wallet.ExchangeAsync("""{"id":5,"method":"blockchain.foo","params":[]}""")).ShouldBe($$"""{"id":5,"error":"{{Unknown}}"}""");
        (await wallet.ExchangeAsync("""{"id":"a","method":"blockchain.address.get_history","params":["x"]}"""))!
            .ShouldStartWith("""{"id":"a","error":"x is not""");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.4")]
    [InlineData("1.7")]
    public async Task Later_wallets_get_an_object_whatever_the_marker(string version)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        (await wallet.ExchangeAsync("""{"id":5,"method":"blockchain.foo"}"""))
            .ShouldBe($$$"""{"jsonrpc":"2.0","id":5,"error":{"code":-32601,"message":"{{{Unknown}}}"}}""");
    }

    [Fact]
    public async Task Who_never_negotiates_gets_an_object()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        (await wallet.ExchangeAsync("""{"id":5,"method":"blockchain.foo"}"""))
            .ShouldBe($$$"""{"jsonrpc":"2.0","id":5,"error":{"code":-32601,"message":"{{{Unknown}}}"}}""");
        (await wallet.ExchangeAsync("xx"))!.ShouldContain("\"code\":-32700");
    }

    [Fact]
    public async Task A_request_that_says_2_0_gets_an_object_under_any_version()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        (await wallet.ExchangeAsync("""{"jsonrpc":"2.0","id":5,"method":"blockchain.foo"}"""))
            .ShouldBe($$$"""{"jsonrpc":"2.0","id":5,"error":{"code":-32601,"message":"{{{Unknown}}}"}}""");
        (await wallet.ExchangeAsync("""{"jsonrpc":"1.0","id":5,"method":"blockchain.foo"}""")).ShouldBe($$"""{"id":5,"error":"{{Unknown}}"}""");
    }

    [Fact]
    public async Task An_error_that_comes_later_has_the_shape_of_its_era_too()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        string txid = new('a', 64);
        (await wallet.ExchangeAsync($$"""{"id":8,"method":"blockchain.transaction.get","params":["{{txid}}",7]}"""))
            .ShouldBe($$"""{"id":8,"error":"daemon error: no such mempool or blockchain transaction: {{txid}}"}""");
    }

    [Theory]
    [InlineData("xx", """{"error":"bad JSON","request":"xx"}""")]
    [InlineData("""{"a":"\n""", """{"error":"bad JSON","request":"{\"a\":\"\\n"}""")]
    [InlineData("5", """{"error":"syntax error","request":"5"}""")]
    [InlineData("""{"x":1}""", """{"error":"syntax error","request":"{\"x\":1}"}""")]
    [InlineData("""{"id":3,"x":1}""", """{"id":3,"error":"the request has no method, or it is not a string"}""")]
    public async Task A_line_that_is_no_request_comes_back_to_a_wallet_of_the_first_era(string line, string answer)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("0.9");
        (await wallet.ExchangeAsync(line)).ShouldBe(answer);
        await wallet.ExpectSilenceAsync();
    }
}
