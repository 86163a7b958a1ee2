// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Admin;

namespace ElectrumPot.Tests.Server.Admin;

/// <summary>Reports of servers that import.</summary>
internal static class TestReports
{
    public static ImportReport Import { get; } = new(
        61.37, "transactions", 227_300, 370_554, IsEstimate: false, BlocksPerSecond: 811.6, TransactionsPerSecond: 15_021.2, SecondsLeft: 9, BytesWritten: 210 << 20);

    public static StatusReport Importing { get; } = new()
    {
        Version = "9.9.9",
        Pid = 77,
        Coin = "Potcoin",
        State = "importing",
        Serving = false,
        Height = 12_345,
        Daemon = new DaemonReport("localhost:42000", 20_000, Ok: true, "ok"),
        Import = Import,
        Sessions = 0,
        Subscriptions = 0,
        Mempool = new MempoolReport(0, 0),
        UptimeSeconds = 15,
        MemoryBytes = 300 << 20,
        DataFolder = "/var/lib/electrum-pot",
        Ports = ["admin 127.0.0.1:8000"],
        Warnings = [],
    };
}
