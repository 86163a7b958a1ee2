// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Versions;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Versions;

public class NegotiationOptionsTests
{
    [Theory]
    [InlineData("""["1.4","1.7"]""", "1.6")]
    [InlineData("""["0.9","1.4.2"]""", "1.4.2")]
    [InlineData("""["1.1","1.6"]""", "1.6")]
    public async Task Only_versions_that_the_operator_allows_are_agreed_upon(string asked, string agreed)
    {
        await using TestSessions server = Serving(ProtocolVersion.V1_1, ProtocolVersion.V1_6);
        (await server.Connect().ResultAsync("server.version", $"""["x",{asked}]""")).ShouldBe($"""["ElectrumPot 1.2.3","{agreed}"]""");
    }

    [Theory]
    [InlineData("\"0.9\"")]
    [InlineData("\"0.6\"")]
    [InlineData("\"1.7\"")]
    public async Task Other_versions_are_refused_with_those_that_are_served(string asked)
    {
        await using TestSessions server = Serving(ProtocolVersion.V1_1, ProtocolVersion.V1_6);
        TestWallet wallet = server.Connect();
        (int code, string message) = await wallet.ErrorAsync("server.version", $"""["x",{asked}]""");
        code.ShouldBe(1);
        message.ShouldBe($"unsupported protocol version: {asked}; this server speaks 1.1 to 1.6");
        (await wallet.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task The_features_name_what_is_served()
    {
        await using TestSessions server = Serving(ProtocolVersion.V1_1, ProtocolVersion.V1_6);
        (await server.Connect().ResultAsync("server.features")).ShouldContain("\"protocol_min\":\"1.1\",\"protocol_max\":\"1.6\"");
    }

    [Fact]
    public async Task Before_negotiation_a_server_without_the_first_era_speaks_its_oldest_version()
    {
        await using TestSessions server = Serving(ProtocolVersion.V1_4, ProtocolVersion.V1_6);
        (await server.Connect().ResultAsync("server.version")).ShouldBe("""["ElectrumPot 1.2.3","1.4"]""");
    }

    [Fact]
    public async Task Where_negotiation_is_required_anything_else_ends_the_connection()
    {
        await using var server = new TestSessions(change: options => options with { RequiresNegotiation = true });
        TestWallet hasty = server.Connect();
        (await hasty.ErrorAsync("blockchain.headers.subscribe")).ShouldBe((1, "the first request must be server.version"));
        (await hasty.ReadLineAsync()).ShouldBeNull();

        TestWallet polite = server.Connect();
        // Without a version in it, it is an introduction all the same.
        await polite.ResultAsync("server.version");
        (await polite.ResultAsync("server.banner")).ShouldBe("\"\"");
    }

    private static TestSessions Serving(ProtocolVersion min, ProtocolVersion max) =>
        new(change: options => options with { Protocol = new VersionRange(min, max) });
}
