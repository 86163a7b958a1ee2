// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

/// <summary>Clients with options fit for tests: short pauses, patience for a busy machine.</summary>
internal static class TestClient
{
    public static Coin Potcoin { get; } = CoinRegistry.BuiltIn.Get("potcoin");

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static DaemonOptions Options(params int[] ports) => new()
    {
        Endpoints = [.. ports.Select(port => new DaemonEndpoint("127.0.0.1", port, "user", "pass"))],
        MinBackOff = TimeSpan.FromMilliseconds(10),
        MaxBackOff = TimeSpan.FromMilliseconds(100),
    };

    public static DaemonClient For(ScriptedDaemon daemon, Coin coin, ILogger<DaemonClient>? log = null) => For(Options(daemon.Port), coin, log);

    public static DaemonClient For(DaemonOptions options, Coin coin, ILogger<DaemonClient>? log = null, TimeProvider? time = null) =>
        new(options, coin, log ?? NullLogger<DaemonClient>.Instance, time ?? TimeProvider.System);
}
