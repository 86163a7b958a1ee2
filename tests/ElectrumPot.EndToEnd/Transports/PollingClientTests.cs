// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Transports;

/// <summary>With curl, and with the libraries that Electrum-POT 1.9.8.1 used.</summary>
[Collection(TransportsTests.Name)]
public sealed class PollingClientTests(TransportsFixture fixture)
{
    private const string Introduction = """{"id":0,"method":"server.version","params":["1.9.8.1","0.9"]}""";

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Curl_with_a_cookie_jar_keeps_its_session(string scheme)
    {
        using var folder = new TemporaryFolder("curl");
        string url = TransportsFixture.Url(fixture.Server, scheme);

        (await CurlAsync(folder, url)).ShouldBe("");
        string jar = await File.ReadAllTextAsync(folder["jar"], TestContext.Current.CancellationToken);
        jar.ShouldContain("SESSION");
        string replies = await ExchangeAsync(folder, url, $$"""[{{Introduction}},{"id":1,"method":"blockchain.numblocks.subscribe","params":[]}]""");
        JsonElement[] both = [.. JsonElement.Parse(replies).EnumerateArray()];
        both[0].GetProperty("result").GetString().ShouldBe("0.9");
        int height = both[1].GetProperty("result").GetInt32();
        (await CurlAsync(folder, $"{url}RPC2")).ShouldBe("");

        fixture.Node.MineBlock();

        JsonElement notice = JsonElement.Parse(await PollAsync(folder, url));
        notice.GetProperty("method").GetString().ShouldBe("blockchain.numblocks.subscribe");
        notice.GetProperty("params")[0].GetInt32().ShouldBe(height + 1);
        // The session is the same to the end.
        (await File.ReadAllTextAsync(folder["jar"], TestContext.Current.CancellationToken)).ShouldBe(jar);
        (await CurlAsync(folder, url, "--cookie", "SESSION=unknown")).ShouldBe("Error: session not found");
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task The_wallet_of_2014_talks_and_learns_of_a_block(string scheme)
    {
        await using var wallet = new ScriptedClient("polling_client.py", TransportsFixture.Url(fixture.Server, scheme), "0.05");

        await wallet.SayAsync(Introduction);
        (await wallet.HearAsync()).GetRawText().ShouldBe("""{"jsonrpc": "2.0", "id": 0, "result": "0.9"}""");
        await wallet.SayAsync("""{"id":1,"method":"blockchain.headers.subscribe","params":[]}""");
        int height = (await wallet.HearAsync()).GetProperty("result").GetProperty("block_height").GetInt32();
        // It polls in vain for a while.
        await Task.Delay(500, TestContext.Current.CancellationToken);

        fixture.Node.MineBlock();

        JsonElement notice = await wallet.HearAsync();
        notice.GetProperty("method").GetString().ShouldBe("blockchain.headers.subscribe");
        notice.GetProperty("params")[0].GetProperty("block_height").GetInt32().ShouldBe(height + 1);
        await wallet.EndAsync();
    }

    [Fact]
    public async Task All_transports_share_one_port_when_the_configuration_gives_them_one()
    {
        await using ServerProcess server = fixture.NewServer();
        int port = FreePort.Next();
        foreach (string key in new[] { "stratum_tcp_port", "stratum_tcp_ssl_port", "websocket_port", "websocket_ssl_port", "stratum_http_port", "stratum_http_ssl_port" })
            server.Configuration["server", key] = port;
        await server.StartAsync();

        foreach (bool tls in new[] { false, true })
        {
            await using var lines = await server.ConnectAsync(tls);
            await lines.CallAsync("server.banner");
        }

        foreach (string scheme in new[] { "ws", "wss" })
        {
            await using var socket = new ScriptedClient("websocket_client.py", TransportsFixture.Url(server, scheme), "wait-for-close");
            await socket.HearStepAsync("connected");
            await socket.HearStepAsync("waiting");
        }

        foreach (string scheme in new[] { "http", "https" })
        {
            using var folder = new TemporaryFolder("curl");
            JsonElement.Parse(await ExchangeAsync(folder, TransportsFixture.Url(server, scheme), $"[{Introduction}]")).GetProperty("result").GetString().ShouldBe("0.9");
        }

        (await server.CommandAsync("status")).Output.ShouldContain($"tcp 127.0.0.1:{port}, tls 127.0.0.1:{port}, ws 127.0.0.1:{port}");
    }

    private static async Task<string> ExchangeAsync(TemporaryFolder folder, string url, string body) =>
        await CurlAsync(folder, url, "--header", "content-type: application/json", "--data", body) is { Length: > 0 } reply ? reply : await PollAsync(folder, url);

    private static async Task<string> PollAsync(TemporaryFolder folder, string url)
    {
        string reply = "";
        await Eventually.PassAsync(async () =>
        {
            reply = await CurlAsync(folder, url);
            reply.ShouldNotBeEmpty();
        });
        return reply;
    }

    private static async Task<string> CurlAsync(TemporaryFolder folder, string url, params string[] more)
    {
        string jar = folder["jar"];
        await using ChildProcess curl = ChildProcess.Start(
            "/usr/bin/curl",
            [
                "--silent", "--show-error", "--insecure", "--max-time", "10", "--output", folder["answer"],
                .. more.Contains("--cookie") ? [] : new[] { "--cookie", jar, "--cookie-jar", jar }, .. more, url,
            ],
            Requirements.Advice);
        (await curl.WaitForExitAsync()).ShouldBe(0, curl.Output);
        string answer = folder["answer"];
        string text = File.Exists(answer) ? await File.ReadAllTextAsync(answer, TestContext.Current.CancellationToken) : "";
        File.Delete(answer);
        return text;
    }
}
