// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json.Serialization;
using ElectrumPot.Index.Snapshots;

namespace ElectrumPot.Server.CommandLine;

/// <summary>What a sound snapshot is, for <c>snapshot verify</c>; the JSON names are the members in snake_case.</summary>
internal sealed record SnapshotDescription(
    string Source,
    string Coin,
    string Genesis,
    int Height,
    string Hash,
    long Transactions,
    int PruningLimit,
    int ReorgLimit,
    bool StoreTransactions,
    int Schema,
    string Rocksdb,
    string Server,
    DateTimeOffset Created,
    int Files,
    long Bytes)
{
    public SnapshotDescription(string source, SnapshotManifest manifest)
        : this(
            source,
            manifest.Coin,
            manifest.Genesis,
            manifest.Height,
            manifest.Hash,
            manifest.Transactions,
            manifest.PruningLimit,
            manifest.ReorgLimit,
            manifest.StoreTransactions,
            manifest.Schema,
            manifest.RocksDb,
            manifest.Server,
            manifest.Created,
            manifest.Files.Count,
            manifest.TotalBytes)
    {
    }

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        snapshot      {Source}
        coin          {Coin}, genesis {Genesis}
        block         {Height:N0}, {Hash}
        transactions  {Transactions:N0}
        settings      pruning_limit = {PruningLimit}, reorg_limit = {ReorgLimit}, store_transactions = {(StoreTransactions ? "yes" : "no")}
        made          {Created:yyyy-MM-dd HH:mm:ss} UTC by server {Server}, RocksDB {Rocksdb}, schema {Schema}
        size          {Bytes / 1e6:N1} MB in {Files} files
        checksums     all right
        """);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(SnapshotDescription))]
internal sealed partial class SnapshotDescriptionJson : JsonSerializerContext;
