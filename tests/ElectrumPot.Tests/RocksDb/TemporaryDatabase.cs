// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Tests.RocksDbBinding;

/// <summary>A database with the families default, a and b in a directory of its own, which disposal removes.</summary>
internal sealed class TemporaryDatabase : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rocksdb-");
    private readonly Func<ColumnFamilyOptions> _options;

    internal TemporaryDatabase(Func<ColumnFamilyOptions>? options = null)
    {
        _options = options ?? (static () => new ColumnFamilyOptions());
        Db = Open();
    }

    internal RocksDb Db { get; private set; }

    internal string Path => System.IO.Path.Combine(_directory.FullName, "db");

    internal ColumnFamilyHandle A => Db.GetColumnFamily("a");

    internal ColumnFamilyHandle B => Db.GetColumnFamily("b");

    public void Dispose()
    {
        Db.Dispose();
        _directory.Delete(recursive: true);
    }

    internal static DbOptions Options() => new DbOptions().SetCreateIfMissing().SetCreateMissingColumnFamilies();

    internal string Beside(string name) => System.IO.Path.Combine(_directory.FullName, name);

    internal ColumnFamilies Families() => new() { { "a", _options() }, { "b", _options() } };

    internal RocksDb Open() => RocksDb.Open(Options(), Path, Families());

    internal void Reopen()
    {
        Db.Dispose();
        Db = Open();
    }
}

internal static class Bytes
{
    internal static byte[] Of(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    internal static byte[] Of(int number)
    {
        byte[] bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    internal static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    internal static int Number(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);
}
