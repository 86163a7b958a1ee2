// SPDX-License-Identifier: MIT

using System.Text.Json.Serialization;

namespace ElectrumPot.Index.Snapshots;

/// <summary>What a snapshot is: the first entry of its archive, as JSON with these names in snake_case.</summary>
public sealed record SnapshotManifest
{
    /// <summary>Raise it when an older server must not read the archive any more.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>Id of the coin in the configuration it was made with; <see cref="Genesis"/> is what counts.</summary>
    public required string Coin { get; init; }

    /// <summary>Hash of block 0; like all hashes of blocks here lower-case hexadecimal in display order.</summary>
    public required string Genesis { get; init; }

    /// <summary>The last block that the database contains.</summary>
    public required int Height { get; init; }

    public required string Hash { get; init; }

    /// <summary>In all blocks up to <see cref="Height"/>.</summary>
    public required long Transactions { get; init; }

    /// <summary>Spent outputs kept for each script; 0 means all.</summary>
    public required int PruningLimit { get; init; }

    public required int ReorgLimit { get; init; }

    /// <summary>Whether the database holds raw transactions.</summary>
    public required bool StoreTransactions { get; init; }

    public required int Schema { get; init; }

    /// <summary>Version of the library that wrote the files.</summary>
    [JsonPropertyName("rocksdb")]
    public required string RocksDb { get; init; }

    /// <summary>Version of the server that made the snapshot.</summary>
    public required string Server { get; init; }

    /// <summary>UTC, to the second.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The files of the database in the order of the archive.</summary>
    public required IReadOnlyList<SnapshotFile> Files { get; init; }

    /// <summary>Bytes of all files.</summary>
    [JsonIgnore]
    public long TotalBytes => Files.Sum(static file => file.Size);
}

/// <param name="Name">Without any folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record SnapshotFile(string Name, long Size, string Sha256);

/// <param name="Step">What is being done, such as "reading".</param>
/// <param name="Done">Bytes.</param>
/// <param name="Total">Bytes.</param>
public readonly record struct SnapshotProgress(string Step, long Done, long Total);
