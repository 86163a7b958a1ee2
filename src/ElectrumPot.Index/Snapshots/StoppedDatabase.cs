// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Verification;

namespace ElectrumPot.Index.Snapshots;

/// <summary>A database that no server has open.</summary>
public static class StoppedDatabase
{
    /// <summary>Opens it for a snapshot, with the settings that it has: a copy changes nothing, whatever the configuration says now.</summary>
    /// <exception cref="SnapshotRefusedException">It is not complete.</exception>
    /// <exception cref="IndexException">There is none, a server has it open, or it cannot be read.</exception>
    public static ChainIndex Open(IndexOptions options)
    {
        // Opening would make one where there is none.
        DatabaseLock.Take(options.Path).Dispose();
        StoreFacts facts = StoreFacts.Read(options.Path);
        SnapshotArchive.RequireImported(facts.IsImported, options.Path);
        return ChainIndex.Open(options with { PruningLimit = facts.PruningLimit, StoreTransactions = facts.StoresTransactions });
    }

    /// <summary>Whether something lies where the database would be made.</summary>
    public static bool Exists(string path) => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());
}
