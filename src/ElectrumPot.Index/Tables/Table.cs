// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>A column family and the database it belongs to.</summary>
internal abstract class Table(RocksDb database, string name)
{
    public ColumnFamilyHandle Handle { get; } = database.GetColumnFamily(name);

    protected RocksDb Database { get; } = database;

    public Iterator NewIterator(ReadOptions read) => Database.NewIterator(Handle, read);
}
