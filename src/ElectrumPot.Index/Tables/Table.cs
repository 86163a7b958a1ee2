// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>A column family and the database it belongs to.</summary>
internal abstract class Table(RocksDb database, string name)
{
    public ColumnFamilyHandle Handle { get; } = database.GetColumnFamily(name);

    protected RocksDb Database { get; } = database;

    public Iterator NewIterator(ReadOptions read) => Database.NewIterator(Handle, read);

    /// <summary>The value of a key as it is stored; dispose it soon.</summary>
    public PinnedValue GetRow(ReadOnlySpan<byte> key, ReadOptions read) => Database.GetPinned(key, Handle, read);

    /// <summary>Without reading them; rows that were replaced or deleted lately may count.</summary>
    public long EstimateRows() => (long)(Database.GetIntProperty("rocksdb.estimate-num-keys", Handle) ?? 0);
}
