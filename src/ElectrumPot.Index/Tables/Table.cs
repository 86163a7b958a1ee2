// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>A column family and the database it belongs to.</summary>
internal abstract class Table(RocksDb database, string name)
{
    public string FamilyName { get; } = name;

    public ColumnFamilyHandle Handle { get; private set; } = database.GetColumnFamily(name);

    protected RocksDb Database { get; } = database;

    public Iterator NewIterator(ReadOptions read) => Database.NewIterator(Handle, read);

    /// <summary>The value of a key as it is stored; dispose it soon.</summary>
    public PinnedValue GetRow(ReadOnlySpan<byte> key, ReadOptions read) => Database.GetPinned(key, Handle, read);

    public bool IsEmpty(ReadOptions read)
    {
        using Iterator rows = NewIterator(read);
        rows.SeekToFirst();
        return !rows.Valid();
    }

    /// <summary>Removes the table with its files, and makes an empty one. Nobody else may be using it.</summary>
    public void Renew(ColumnFamilyOptions options)
    {
        Database.DropColumnFamily(FamilyName);
        Handle = Database.CreateColumnFamily(options, FamilyName);
    }
}
