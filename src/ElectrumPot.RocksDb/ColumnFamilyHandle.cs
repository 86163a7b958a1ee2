// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>A column family of one open database. It belongs to the database and is gone with it.</summary>
public sealed class ColumnFamilyHandle
{
    internal ColumnFamilyHandle(string name, nint pointer, DbHandle db, OptionsHandle options)
    {
        Name = name;
        Pointer = pointer;
        Db = db;
        Merges = options.Merges;
        PrefixLength = options.PrefixLength;
    }

    public string Name { get; }

    internal nint Pointer { get; }

    internal DbHandle Db { get; }

    /// <summary>Whether the family was opened with a merge operator, without which an operand could be written but never read.</summary>
    internal bool Merges { get; }

    /// <summary>Bytes of the fixed key prefix, or 0.</summary>
    internal int PrefixLength { get; }

    internal bool IsDropped { get; set; }

    internal void CheckPresent()
    {
        if (IsDropped) throw new InvalidOperationException($"The column family '{Name}' was dropped.");
    }

    internal void CheckKey(int length)
    {
        if (length < PrefixLength) ThrowShortKey(Name, length, PrefixLength);
    }

    // A scan by prefix asserts that every key it meets has one, and an assertion ends the process.
    internal static void ThrowShortKey(string family, int length, int prefix) =>
        throw new ArgumentException(
            $"A key of {length} bytes lacks the prefix of {prefix} bytes that the column family '{family}' requires.");

    internal void CheckMerges()
    {
        if (!Merges) throw new InvalidOperationException($"The column family '{Name}' was opened without a merge operator.");
    }
}
