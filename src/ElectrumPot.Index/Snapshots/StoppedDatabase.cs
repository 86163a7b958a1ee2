// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Snapshots;

/// <summary>A database that no server has open.</summary>
public static class StoppedDatabase
{
    /// <summary>Opens it for a snapshot, with the pruning limit that it has: a copy changes nothing, whatever the configuration says now.</summary>
    /// <exception cref="SnapshotRefusedException">There is none, or it is not complete.</exception>
    /// <exception cref="IndexException">It cannot be opened; a server that runs has it.</exception>
    public static ChainIndex Open(IndexOptions options)
    {
        if (!Exists(options.Path)) throw new SnapshotRefusedException($"There is no database at {options.Path}; nothing to make a snapshot of.");
        StoreFacts facts = StoreFacts.Read(options.Path);
        SnapshotArchive.RequireImported(facts.IsImported, options.Path);
        return ChainIndex.Open(options with { PruningLimit = facts.PruningLimit });
    }

    /// <summary>Whether something lies where the database would be made.</summary>
    public static bool Exists(string path) => File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());
}
