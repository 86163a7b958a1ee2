// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[rocksdb]</c>: the database of the index.</summary>
internal static class RocksDbSection
{
    public const string Name = "rocksdb";

    public static readonly ConfigurationOption<string> Path = new(
        Name, "path", new TextKind("a folder"), "",
        "The data folder: the index in index/, and, unless placed elsewhere, the certificate and the log. Made when absent. A relative path begins at the folder of the configuration file.")
    {
        OldNames = ["leveldb/path_fulltree", "leveldb/path", "rocksdb/path_fulltree"],
        Essential = true,
        DefaultText = "/var/lib/electrum-pot for root, ~/.local/share/electrum-pot for other users",
    };

    public static readonly ConfigurationOption<long> PruningLimit = Number(
        "pruning_limit", 0, 1_000_000_000, "spent outputs", 100,
        "Spent outputs kept in the history of an address; older ones are forgotten. 0 keeps all. Balances and unspent outputs are always complete. Lowering it works at any time, raising it needs a new import.");

    public static readonly ConfigurationOption<long> ReorgLimit = Number(
        "reorg_limit", 10, 100_000, "blocks", 1_440, "Blocks that can be undone when the daemon changes to another chain.");

    public static readonly ConfigurationOption<long> CacheMegabytes = Number(
        "cache_mb", 8, 1_000_000, "MB", 128, "Memory for parts of the database that are read often.");

    public static readonly ConfigurationOption<long> ImportMegabytes = Number(
        "import_mb", 1, 100_000, "MB", 64, "Memory for rows that wait to be written during the first import.");

    public static readonly ConfigurationOption<long> TransactionCacheMegabytes = Number(
        "transaction_cache_mb", 1, 100_000, "MB", 16, "Memory for raw transactions that were fetched from the daemon.");

    public static readonly ConfigurationOption<long> AnswerCacheMegabytes = Number(
        "answer_cache_mb", 1, 100_000, "MB", 32, "Memory for histories and proofs that wallets asked for; who asks next has them without reading.");

    public static readonly ConfigurationOption<bool> StoreTransactions = new(
        Name, "store_transactions", new BooleanKind(), defaultValue: false,
        "Keep all transactions in the database: they are then served without the daemon, which needs no txindex. Costs nearly the size of the chain: signatures do not compress. Switching it on needs a new import, off works at any time.");

    public static readonly ConfigurationOption<Uri?> SnapshotUrl = new(
        Name, "snapshot_url", new WebAddressKind(), null,
        "Where 'scripts/start' offers to fetch a snapshot of the database, while there is none, and what 'snapshot restore' takes if nothing is named. Name a place that you trust: only the last block of a snapshot can be compared with the daemon.");

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        Path, PruningLimit, ReorgLimit, CacheMegabytes, ImportMegabytes, TransactionCacheMegabytes, AnswerCacheMegabytes, StoreTransactions, SnapshotUrl,
    ];

    private static ConfigurationOption<long> Number(string key, long min, long max, string unit, long defaultValue, string description) =>
        new(Name, key, new NumberKind(min, max, unit), defaultValue, description) { OldNames = [$"leveldb/{key}"] };
}
