// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;

namespace ElectrumPot.EndToEnd.BadInput;

/// <summary>Requests that no wallet sends: a clear error each, and nobody else feels anything.</summary>
public sealed class MalformedRequestTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const string Version = """{"id":0,"method":"server.version","params":["tests","1.4"]}""";

    [Theory]
    [InlineData("xx", -32700)]
    [InlineData("{", -32700)]
    [InlineData("""{"id":1,"method":"server.ping"}}""", -32700)]
    [InlineData("""{"id":1,"method":"server.ping","params":[1,}""", -32700)]
    [InlineData("5", -32600)]
    [InlineData("\"text\"", -32600)]
    [InlineData("null", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"id":1}""", -32600)]
    [InlineData("""{"id":1,"method":5}""", -32600)]
    [InlineData("""{"id":1,"method":null,"params":[]}""", -32600)]
    [InlineData("""{"id":1,"method":"server.ping","params":"text"}""", null)]
    [InlineData("""{"id":1,"method":"no.such.method","params":[]}""", -32601)]
    [InlineData("""{"id":1,"method":"","params":[]}""", -32601)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":[]}""", -32602)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":["seven"]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":[1.5]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":[-1]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":[99999999999999999999]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.block.header","params":[1000000]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.block.headers","params":[-1,10]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.block.headers","params":[0,-1]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.scripthash.get_history","params":["abcd"]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.scripthash.get_history","params":[["abcd"]]}""", null)]
    [InlineData("""{"id":1,"method":"blockchain.scripthash.get_history","params":[]}""", -32602)]
    [InlineData("""{"id":1,"method":"blockchain.scripthash.subscribe","params":["zz01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161"]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.address.get_history","params":["no address"]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.transaction.get","params":["abcd"]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.transaction.get","params":["0101010101010101010101010101010101010101010101010101010101010101"]}""", 2)]
    [InlineData("""{"id":1,"method":"blockchain.transaction.get_merkle","params":["0101010101010101010101010101010101010101010101010101010101010101",5]}""", 1)]
    [InlineData("""{"id":1,"method":"blockchain.transaction.broadcast","params":["zz"]}""", 1)]
    public async Task Each_gets_its_error_and_the_session_goes_on(string line, int? code)
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        await connection.SendLineAsync(Version);
        (await connection.ReadLineAsync()).ShouldNotBeNull();

        await connection.SendLineAsync(line);

        JsonElement error = (await MessageAsync(connection)).GetProperty("error");
        if (code is not null) error.GetProperty("code").GetInt32().ShouldBe(code.Value);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("message").GetString()!.ShouldNotContain("   at ", Case.Sensitive, "no stack trace leaves the server");
        await ShouldStillBeAnsweredAsync(connection);
        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Theory]
    [InlineData("7")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("9007199254740993")]
    [InlineData("\"7\"")]
    [InlineData("\"a \\\"quoted\\\" \\u00e9\"")]
    public async Task The_id_comes_back_as_it_was_sent(string id)
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        using JsonDocument expected = JsonDocument.Parse(id);

        await connection.SendLineAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"server.ping"}""");

        JsonElement answer = (await MessageAsync(connection)).GetProperty("id");
        answer.ValueKind.ShouldBe(expected.RootElement.ValueKind);
        answer.ToString().ShouldBe(expected.RootElement.ToString());
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("   \n")]
    [InlineData("\t\n")]
    public async Task White_space_around_a_request_is_no_part_of_it(string ending)
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        string padded = """{"jsonrpc":"2.0","id":9,"method":"server.ping" """ + new string(' ', 900) + "}" + ending;

        await connection.SendAsync(Encoding.ASCII.GetBytes(padded));

        (await MessageAsync(connection)).GetProperty("id").GetInt32().ShouldBe(9);
    }

    [Fact]
    public async Task A_request_without_id_is_not_answered()
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);

        await connection.SendLineAsync("""{"jsonrpc":"2.0","method":"server.ping"}""");

        await ShouldStillBeAnsweredAsync(connection);
    }

    [Fact]
    public async Task A_batch_is_answered_member_by_member()
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);

        await connection.SendLineAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"server.ping"},5,{"jsonrpc":"2.0","id":"b","method":"no.such"},{"jsonrpc":"2.0","method":"server.ping"}]""");

        using JsonDocument document = JsonDocument.Parse((await connection.ReadLineAsync()).ShouldNotBeNull());
        JsonElement[] answers = [.. document.RootElement.EnumerateArray()];
        answers.Length.ShouldBe(3);
        foreach (JsonElement answer in answers) ElectrumMessage.CheckShape(answer, answer.ToString());
        answers.Single(answer => answer.GetProperty("id").ToString() == "1").GetProperty("result").ValueKind.ShouldBe(JsonValueKind.Null);
        answers.Single(answer => answer.GetProperty("id").ToString() == "b").GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32601);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_get_an_error_or_the_end_of_the_connection()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        var random = new Random(1);
        for (int round = 0; round < 50; round++)
        {
            byte[] noise = new byte[random.Next(1, 2_000)];
            random.NextBytes(noise);
            await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
            try
            {
                await connection.SendAsync(noise);
                await connection.SendAsync("\n"u8.ToArray());
                if (await connection.ReadLineAsync() is { } line)
                {
                    using JsonDocument document = JsonDocument.Parse(line);
                    document.RootElement.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32700);
                }
            }
            catch (IOException)
            {
                // The server closed the connection while the noise was still on its way: that is an answer too.
            }
        }

        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task A_request_nested_thousands_of_levels_deep_is_an_error()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        string nested = $$"""{"id":1,"method":"server.ping","params":{{new string('[', 50_000)}}{{new string(']', 50_000)}}}""";

        await connection.SendLineAsync(nested);

        (await MessageAsync(connection)).TryGetProperty("error", out _).ShouldBeTrue();
        await bystander.ShouldNotHaveNoticedAsync();
    }

    private static async Task ShouldStillBeAnsweredAsync(LineConnection connection)
    {
        await connection.SendLineAsync("""{"jsonrpc":"2.0","id":77,"method":"server.ping"}""");
        (await MessageAsync(connection)).GetProperty("id").GetInt32().ShouldBe(77);
    }

    private static async Task<JsonElement> MessageAsync(LineConnection connection)
    {
        string line = (await connection.ReadLineAsync()).ShouldNotBeNull("the server closed the connection");
        using JsonDocument document = JsonDocument.Parse(line);
        ElectrumMessage.CheckShape(document.RootElement, line);
        return document.RootElement.Clone();
    }
}
