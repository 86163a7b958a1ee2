// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Building;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>Opening without a configuration, for whoever examines a database that no server uses.</summary>
internal sealed partial class IndexStore
{
    private const ulong SmallCacheBytes = 8 << 20;

    /// <summary>Opens a database of this schema so that nothing in the folder changes. It must be complete: see <see cref="Complete"/>.</summary>
    public static IndexStore OpenReadOnly(string path, long cacheBytes) => StorageErrors.Translate(path, () =>
    {
        Cache cache = Cache.CreateLru((ulong)cacheBytes);
        RocksDb database = RocksDb.OpenReadOnly(StoreTuning.Database(), path, StoreTuning.Tables(cache), errIfLogFileExists: false);
        return new IndexStore(database, cache, path);
    });

    /// <summary>The names of all tables.</summary>
    public static IEnumerable<string> FamilyNames => StoreTuning.Tables(Cache.CreateLru(SmallCacheBytes)).Names;

    /// <summary>Ends what a kill has interrupted in the middle of a commit, exactly as the next start of the server would.</summary>
    public static void Complete(string path) => StorageErrors.Translate(path, () =>
    {
        Cache cache = Cache.CreateLru(SmallCacheBytes);
        using var store = new IndexStore(RocksDb.Open(StoreTuning.Database(), path, StoreTuning.Tables(cache)), cache, path);
        StagedCommit.Recover(store);
        if (store.State.IsImported)
            store.EndImport();
        return true;
    });
}
