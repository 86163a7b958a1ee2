// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Tests.Index.Verification;

/// <summary>The rows of a closed database, without any knowledge of what they mean.</summary>
internal sealed class RawRows : IDisposable
{
    private readonly RocksDb _database;

    public RawRows(string path)
    {
        var families = new ColumnFamilies();
        foreach (string name in RocksDb.ListColumnFamilies(new DbOptions(), path))
            families.Add(name, new ColumnFamilyOptions());
        _database = RocksDb.Open(new DbOptions(), path, families);
    }

    public List<(byte[] Key, byte[] Value)> All(string table)
    {
        var all = new List<(byte[], byte[])>();
        using Iterator rows = _database.NewIterator(_database.GetColumnFamily(table));
        for (rows.SeekToFirst(); rows.Valid(); rows.Next())
            all.Add((rows.Key(), rows.Value()));
        return all;
    }

    public (byte[] Key, byte[] Value) First(string table, Func<byte[], byte[], bool> condition) =>
        All(table).First(row => condition(row.Key, row.Value));

    public (byte[] Key, byte[] Value) Last(string table) => All(table)[^1];

    public void Put(string table, byte[] key, byte[] value) => _database.Put(key, value, _database.GetColumnFamily(table));

    public void Delete(string table, byte[] key) => _database.Remove(key, _database.GetColumnFamily(table));

    /// <summary>Turns one bit of a value.</summary>
    public void Flip(string table, byte[] key, byte[] value, System.Index at)
    {
        byte[] changed = [.. value];
        changed[at] ^= 1;
        Put(table, key, changed);
    }

    /// <summary>Moves a row to another key.</summary>
    public void Rename(string table, byte[] key, byte[] newKey, byte[] value)
    {
        Delete(table, key);
        Put(table, newKey, value);
    }

    public void Dispose() => _database.Dispose();
}
