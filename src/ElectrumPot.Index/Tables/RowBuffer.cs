// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Collects the rows that one commit puts into or deletes from a table, and hands them over in key order: RocksDB
/// takes sorted rows almost twice as fast as unsorted ones. A key may occur once only.
/// </summary>
internal sealed class RowBuffer
{
    private readonly List<Row> _rows = [];
    private byte[] _bytes = new byte[4096];
    private int _used;

    public long Bytes => _used + ((long)_rows.Count * 24);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(key, value, isDelete: false);

    public void Delete(ReadOnlySpan<byte> key) => Add(key, default, isDelete: true);

    public void WriteTo(WriteBatch batch, ColumnFamilyHandle table)
    {
        Span<Row> rows = CollectionsMarshal.AsSpan(_rows);
        byte[] bytes = _bytes;
        rows.Sort((left, right) =>
        {
            int order = left.KeyPrefix.CompareTo(right.KeyPrefix);
            return order != 0
                ? order
                : bytes.AsSpan(left.Offset, left.KeyLength).SequenceCompareTo(bytes.AsSpan(right.Offset, right.KeyLength));
        });
        foreach (ref readonly Row row in rows)
        {
            ReadOnlySpan<byte> key = bytes.AsSpan(row.Offset, row.KeyLength);
            if (row.IsDelete)
                batch.Delete(key, table);
            else
                batch.Put(key, bytes.AsSpan(row.Offset + row.KeyLength, row.ValueLength), table);
        }
    }

    public void Clear()
    {
        _rows.Clear();
        _used = 0;
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isDelete)
    {
        int size = key.Length + value.Length;
        if (_bytes.Length - _used < size)
            Array.Resize(ref _bytes, Math.Max(checked(_bytes.Length * 2), _used + size));
        key.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + key.Length));
        _rows.Add(new Row(PrefixOf(key), _used, (ushort)key.Length, isDelete, value.Length));
        _used += size;
    }

    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(key);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private readonly record struct Row(ulong KeyPrefix, int Offset, ushort KeyLength, bool IsDelete, int ValueLength);
}
