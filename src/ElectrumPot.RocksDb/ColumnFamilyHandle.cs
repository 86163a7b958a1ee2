// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>A column family of one open database. It belongs to the database and is gone with it.</summary>
public sealed class ColumnFamilyHandle
{
    internal ColumnFamilyHandle(string name, nint pointer, DbHandle db, bool merges)
    {
        Name = name;
        Pointer = pointer;
        Db = db;
        Merges = merges;
    }

    public string Name { get; }

    internal nint Pointer { get; }

    internal DbHandle Db { get; }

    /// <summary>Whether the family was opened with a merge operator, without which an operand could be written but never read.</summary>
    internal bool Merges { get; }

    internal void CheckMerges()
    {
        if (!Merges) throw new InvalidOperationException($"The column family '{Name}' was opened without a merge operator.");
    }
}
