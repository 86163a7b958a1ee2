// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.ChainGeneration;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>What to measure, and on what.</summary>
internal sealed record ServeOptions
{
    /// <summary>The executable.</summary>
    public required string Server { get; init; }

    /// <summary>Where generated chains are kept, and databases made for the time of a run.</summary>
    public required string Cache { get; init; }

    public required ChainShape Shape { get; init; }

    public required int Blocks { get; init; }

    public required ulong Seed { get; init; }

    public int Runs { get; init; } = 3;

    /// <summary>Of each run of a load.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(5);

    public int Connections { get; init; } = 20;

    /// <summary>Requests under way on each connection.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>Names of scenarios; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>A configuration that names a real daemon; null for a generated chain.</summary>
    public string? Configuration { get; init; }

    public int? DaemonPid { get; init; }

    /// <summary>Options of the server, such as <c>rocksdb.cache_mb = 32</c>.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    public int Sessions { get; init; } = 10_000;

    public int SubscriptionsPerSession { get; init; } = 20;

    public int IdleConnections { get; init; } = 2_000;

    public int WalletScripts { get; init; } = 5_000;

    /// <summary>Transactions, and half as many blocks, that are waited for in a run.</summary>
    public int Notifications { get; init; } = 20;
}
