// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Versions;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Versions;

public sealed class VersionNegotiationTests
{
    [Theory]
    // Electrum-POT, Electrum 2.x, 3.x, 4.x, 4.8, peers.
    [InlineData("""["1.9.8.1","0.9"]""", "\"0.9\"")]
    [InlineData("""["2.9.0","0.10"]""", "\"0.10\"")]
    [InlineData("""["2.9.0","1.0"]""", "\"1.0\"")]
    [InlineData("""["3.0","1.1"]""", """["ElectrumPot 1.2.3","1.1"]""")]
    [InlineData("""["3.1.2","1.2"]""", """["ElectrumPot 1.2.3","1.2"]""")]
    [InlineData("""["electrum/4.3.4","1.4"]""", """["ElectrumPot 1.2.3","1.4"]""")]
    [InlineData("""["electrum/4.8.1",["1.4","1.6"]]""", """["ElectrumPot 1.2.3","1.6"]""")]
    [InlineData("""["x",["1.4","1.4.2"]]""", """["ElectrumPot 1.2.3","1.4.2"]""")]
    [InlineData("""["x",["1.4","1.5"]]""", """["ElectrumPot 1.2.3","1.4.3"]""")]
    [InlineData("""["x",["0.9","99.0"]]""", """["ElectrumPot 1.2.3","1.7"]""")]
    [InlineData("""["x",["1.4",null],1]""", null)]
    [InlineData("""["x",["1.7","2.0"]]""", """["ElectrumPot 1.2.3","1.7"]""")]
    // Canonical texts, numbers, odd spellings.
    [InlineData("""["x","1.4.0"]""", """["ElectrumPot 1.2.3","1.4"]""")]
    [InlineData("""["x",1.4]""", """["ElectrumPot 1.2.3","1.4"]""")]
    [InlineData("""["x",1]""", "\"1.0\"")]
    [InlineData("""["x","1"]""", "\"1.0\"")]
    [InlineData("""["x",[1.2,1.4]]""", """["ElectrumPot 1.2.3","1.4"]""")]
    [InlineData("""["x","0.6"]""", "\"0.8\"")]
    // Nothing asked for: the legacy table.
    [InlineData("[]", "\"0.10\"")]
    [InlineData("""[""]""", "\"0.10\"")]
    [InlineData("""["x"]""", "\"0.10\"")]
    [InlineData("""["x",""]""", "\"0.10\"")]
    [InlineData("""["x",null]""", "\"0.10\"")]
    [InlineData("""{"a":1}""", "\"0.10\"")]
    [InlineData("""{"client_name":"x","protocol_version":"1.4"}""", """["ElectrumPot 1.2.3","1.4"]""")]
    [InlineData("""["x","1.4","extra",{"more":1}]""", """["ElectrumPot 1.2.3","1.4"]""")]
    // Nothing in common.
    [InlineData("""["x","1.5"]""", null)]
    [InlineData("""["x","1.8"]""", null)]
    [InlineData("""["x",["1.8","2.0"]]""", null)]
    [InlineData("""["x",["1.6","1.4"]]""", null)]
    [InlineData("""["x","abc"]""", null)]
    [InlineData("""["x","1.4.2.1"]""", null)]
    [InlineData("""["x",["1.4"]]""", null)]
    [InlineData("""["x",{}]""", null)]
    [InlineData("""["x",true]""", null)]
    [InlineData("""["x",-1]""", null)]
    public async Task Each_form_of_the_request_gets_its_answer(string arguments, string? answer)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        if (answer is not null)
        {
            (await wallet.ResultAsync("server.version", arguments)).ShouldBe(answer);
            await wallet.ExpectSilenceAsync();
            return;
        }

        (int code, string message) = await wallet.ErrorAsync("server.version", arguments);
        code.ShouldBe(1);
        message.ShouldStartWith("unsupported protocol version: ");
        (await wallet.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Up_to_1_3_it_may_be_repeated_and_agree_on_something_else()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.ResultAsync("blockchain.headers.subscribe");
        (await wallet.ResultAsync("server.version", """["1.9.8.1","0.9"]""")).ShouldBe("\"0.9\"");
        (await wallet.ResultAsync("server.version", """["1.9.8.1","0.9"]""")).ShouldBe("\"0.9\"");
        (await wallet.ResultAsync("server.version", """["3.1","1.3"]""")).ShouldBe("""["ElectrumPot 1.2.3","1.3"]""");
        (await wallet.ResultAsync("server.version", """["4.0","1.4"]""")).ShouldBe("""["ElectrumPot 1.2.3","1.4"]""");
    }

    [Fact]
    public async Task From_1_4_on_a_second_one_is_an_error_and_the_connection_stays()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        (await wallet.ErrorAsync("server.version", """["x","1.4"]""")).ShouldBe((1, "server.version already sent"));
        await wallet.ExpectSilenceAsync();
    }

    [Fact]
    public async Task Requests_sent_along_with_it_are_answered_under_the_agreed_version()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.SendAsync("""
            {"id":0,"method":"server.version","params":["x","1.6"]}
            {"id":1,"method":"blockchain.block.headers","params":[0,1]}

            """);
        (await wallet.ReadLineAsync())!.ShouldContain("\"1.6\"");
        (await wallet.ReadAsync()).GetProperty("result").TryGetProperty("headers", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("0.9", "0.10")]
    [InlineData("0.10", "1.0")]
    [InlineData("1.0", "1.4")]
    [InlineData("1.4", "1.4.1")]
    [InlineData("1.4.3", "1.6")]
    public void Versions_compare_number_by_number(string older, string newer)
    {
        ProtocolVersion.TryParse(older, out ProtocolVersion left).ShouldBeTrue();
        ProtocolVersion.TryParse(newer, out ProtocolVersion right).ShouldBeTrue();
        (left < right).ShouldBeTrue();
    }
}
