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
        // The demonstration serves TLS on the port above.
        int port = FreePort.Next();
        int admin = FreePort.Next();
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
        demo.Output.ShouldContain("starting Electrum POT server");
        demo.Output.ShouldContain($"nc -q 1 127.0.0.1 {port}");
        (await demo.TerminateAsync()).ShouldBe(0, demo.Output);
    }
}
