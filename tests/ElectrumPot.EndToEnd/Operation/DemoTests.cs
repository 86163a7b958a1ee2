// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Operation;

/// <summary>The first thing a newcomer runs.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demonstration_serves_a_moving_chain_without_any_configuration()
    {
        using var folder = new TemporaryFolder("demo");
        // TCP, TLS, the one that is left for administration, WebSocket and HTTP.
        int port = FreePort.NextOf(7);
        int admin = port + 2;
        await using ChildProcess demo = ChildProcess.Start(
            ServerProcess.Executable,
            [
                "demo", "--port", port.ToString(CultureInfo.InvariantCulture), "--admin-port", admin.ToString(CultureInfo.InvariantCulture),
                "--data", folder.Path, "--block-interval", "1",
            ],
            "Build the solution first: scripts/setup does it.");
        await Eventually.PassAsync(async () =>
        {
            demo.ShouldRun();
            await using LineConnection probe = await LineConnection.OpenAsync(port);
            await using LineConnection secureProbe = await LineConnection.OpenAsync(port + 1, tls: true);
        });

        await using ElectrumClient client = await ElectrumClient.ConnectAsync(port);
        await using ElectrumClient secure = await ElectrumClient.ConnectAsync(port + 1, tls: true);
        int height = (await client.CallAsync("blockchain.headers.subscribe")).GetProperty("height").GetInt32();
        await secure.CallAsync("blockchain.headers.subscribe");

        await client.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() >= height + 2);
        await secure.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() >= height + 2);
        using var http = new HttpClient();
        using var request = new StringContent("""{"id":1,"method":"server.ping"}""");
        using HttpResponseMessage answer = await http.PostAsync($"http://127.0.0.1:{port + 5}/", request, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        demo.Output.ShouldContain("starting Electrum POT server");
        demo.Output.ShouldContain($"nc -q 1 127.0.0.1 {port}");
        demo.Output.ShouldContain($"http://127.0.0.1:{port + 5}/");
        demo.Output.ShouldContain($"ws://127.0.0.1:{port + 3} ");
        (await demo.TerminateAsync()).ShouldBe(0, demo.Output);
    }
}
