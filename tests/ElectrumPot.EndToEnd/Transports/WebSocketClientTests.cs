// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Transports;

/// <summary>With a WebSocket library that has nothing in common with the server's.</summary>
[Collection(TransportsTests.Name)]
public sealed class WebSocketClientTests(TransportsFixture fixture)
{
    private const string Script = "websocket_client.py";

    [Theory]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task A_whole_conversation_with_fragments_pings_and_a_new_block(string scheme)
    {
        await using var client = new ScriptedClient(Script, TransportsFixture.Url(fixture.Server, scheme), "talk");

        JsonElement connected = await client.HearStepAsync("connected");
        connected.GetProperty("extensions").GetArrayLength().ShouldBe(0);
        connected.GetProperty("subprotocol").ValueKind.ShouldBe(JsonValueKind.Null);
        (await client.HearStepAsync("version")).GetProperty("reply").GetProperty("result")[1].GetString().ShouldBe("1.4");
        string? banner = (await client.HearStepAsync("fragments")).GetProperty("reply").GetProperty("result").GetString();
        (await client.HearStepAsync("binary")).GetProperty("reply").GetProperty("result").GetString().ShouldBe(banner);
        (await client.HearStepAsync("batch")).GetProperty("ids").GetRawText().ShouldBe("[0, 1, 2]");
        (await client.HearStepAsync("long")).GetProperty("length").GetInt32().ShouldBe(150 * 160);
        await client.HearStepAsync("pong");
        int height = (await client.HearStepAsync("subscribed")).GetProperty("height").GetInt32();

        fixture.Node.MineBlock();

        JsonElement notified = await client.HearStepAsync("notified");
        notified.GetProperty("method").GetString().ShouldBe("blockchain.headers.subscribe");
        notified.GetProperty("height").GetInt32().ShouldBe(height + 1);
        (await client.HearStepAsync("closed")).GetProperty("code").GetInt32().ShouldBe(1000);
        await client.HearStepAsync("end");
        await client.EndAsync();
    }

    [Fact]
    public async Task A_message_beyond_the_limit_ends_with_1009()
    {
        await using var client = new ScriptedClient(Script, TransportsFixture.Url(fixture.Server, "ws"), "too-large");

        await client.HearStepAsync("connected");
        JsonElement step = await client.HearAsync();
        // The library may learn of the end before it reads the error.
        if (step.GetProperty("step").GetString() == "refused") step = await client.HearAsync();
        step.GetProperty("code").GetInt32().ShouldBe(1009);
    }

    [Fact]
    public async Task A_server_that_is_stopped_says_goodbye_with_1001()
    {
        await using ServerProcess server = fixture.NewServer();
        await server.StartAsync();
        await using var plain = new ScriptedClient(Script, TransportsFixture.Url(server, "ws"), "wait-for-close");
        await using var encrypted = new ScriptedClient(Script, TransportsFixture.Url(server, "wss"), "wait-for-close");
        foreach (ScriptedClient client in new[] { plain, encrypted })
        {
            await client.HearStepAsync("connected");
            await client.HearStepAsync("waiting");
        }

        await server.StopAsync();

        foreach (ScriptedClient client in new[] { plain, encrypted })
            (await client.HearStepAsync("closed")).GetProperty("code").GetInt32().ShouldBe(1001);
    }
}
