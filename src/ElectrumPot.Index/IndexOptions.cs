// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;

namespace ElectrumPot.Index;

/// <summary>What an operator decides about the index.</summary>
public sealed record IndexOptions
{
    public required Coin Coin { get; init; }

    /// <summary>Folder of the database; created when absent.</summary>
    public required string Path { get; init; }

    /// <summary>Spent outputs kept per script or address; 0 keeps all. Unspent outputs are always kept.</summary>
    public int PruningLimit { get; init; } = 100;

    /// <summary>Blocks that can be undone.</summary>
    public int ReorgLimit { get; init; } = 1440;

    /// <summary>Memory for cached blocks of the database, in bytes.</summary>
    public long CacheBytes { get; init; } = 128L << 20;

    /// <summary>Memory for rows that wait to be written during the import, in bytes.</summary>
    public long ImportBufferBytes { get; init; } = 128L << 20;

    /// <summary>Keep the bytes of all transactions, so that they are served without the daemon.</summary>
    public bool StoreTransactions { get; init; }

    /// <summary>Memory for raw transactions fetched from the daemon, in bytes.</summary>
    public long TransactionCacheBytes { get; init; } = 16L << 20;

    /// <summary>Memory for histories and proofs that were asked for, in bytes.</summary>
    public long AnswerCacheBytes { get; init; } = 32L << 20;
}
