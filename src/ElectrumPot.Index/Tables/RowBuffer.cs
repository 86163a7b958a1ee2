// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Collects the rows that one commit puts into or deletes from a table, and hands them over in key order: RocksDB
/// takes sorted rows almost twice as fast as unsorted ones, and table files take no others. A key may occur once only.
/// </summary>
internal sealed class RowBuffer
{
    // Small enough that a buffer hardly holds more than it was given, large enough that few are needed.
    private const int ChunkSize = 1 << 20;
    private const int RowHeadSize = 1 + 1 + sizeof(int);
    private const int EntrySize = 16;

    private readonly List<byte[]> _chunks = [];
    private readonly List<Row> _rows = [];
    private int _chunk = -1;
    private int _used;
    private long _bytes;
    private bool _isSorted = true;

    public int Count => _rows.Count;

    /// <summary>Rows that delete.</summary>
    public int Deletes { get; private set; }

    public long Bytes => _bytes + ((long)_rows.Count * EntrySize);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(key, value, isDelete: false);

    public void Delete(ReadOnlySpan<byte> key) => Add(key, default, isDelete: true);

    public ReadOnlySpan<byte> KeyAt(int index) => KeyOf(_rows[index]);

    public ReadOnlySpan<byte> ValueAt(int index)
    {
        ReadOnlySpan<byte> row = RowOf(_rows[index]);
        return row.Slice(RowHeadSize + row[0], BinaryPrimitives.ReadInt32LittleEndian(row[2..]));
    }

    public bool IsDeleteAt(int index) => RowOf(_rows[index])[1] != 0;

    /// <summary>Brings the rows into the order of their keys.</summary>
    public void Sort()
    {
        if (_isSorted) return;
        _isSorted = true;
        Span<Row> rows = CollectionsMarshal.AsSpan(_rows);
        rows.Sort(default(ByPrefixThenAge));
        // Rows of equal prefix stand as they were added, which is most often the right order already.
        for (int start = 0; start < rows.Length;)
        {
            int end = start + 1;
            bool isInOrder = true;
            for (; end < rows.Length && rows[end].KeyPrefix == rows[start].KeyPrefix; end++)
                isInOrder &= KeyOf(rows[end - 1]).SequenceCompareTo(KeyOf(rows[end])) < 0;
            if (!isInOrder)
                rows[start..end].Sort((left, right) => KeyOf(left).SequenceCompareTo(KeyOf(right)));
            start = end;
        }
    }

    public void WriteTo(WriteBatch batch, ColumnFamilyHandle table)
    {
        Sort();
        for (int i = 0; i < _rows.Count; i++)
        {
            if (IsDeleteAt(i))
                batch.Delete(KeyAt(i), table);
            else
                batch.Put(KeyAt(i), ValueAt(i), table);
        }
    }

    /// <summary>Writes either the rows that put or those that delete; the rows must be sorted.</summary>
    public void WriteTo(SstFileWriter file, bool deletes)
    {
        for (int i = 0; i < _rows.Count; i++)
        {
            if (IsDeleteAt(i) != deletes) continue;
            if (deletes)
                file.Delete(KeyAt(i));
            else
                file.Put(KeyAt(i), ValueAt(i));
        }
    }

    /// <summary>Forgets the rows and keeps the memory for the next ones.</summary>
    public void Clear()
    {
        _chunks.RemoveAll(chunk => chunk.Length > ChunkSize);
        _rows.Clear();
        (_chunk, _used, _bytes, Deletes, _isSorted) = (-1, 0, 0, 0, true);
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isDelete)
    {
        int size = RowHeadSize + key.Length + value.Length;
        Span<byte> row = Reserve(size);
        row[0] = checked((byte)key.Length);
        row[1] = isDelete ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(row[2..], value.Length);
        key.CopyTo(row[RowHeadSize..]);
        value.CopyTo(row[(RowHeadSize + key.Length)..]);

        var added = new Row(PrefixOf(key), _chunk, _used);
        if (_isSorted && _rows.Count > 0)
        {
            ref readonly Row last = ref CollectionsMarshal.AsSpan(_rows)[^1];
            _isSorted = last.KeyPrefix < added.KeyPrefix || (last.KeyPrefix == added.KeyPrefix && KeyOf(last).SequenceCompareTo(key) < 0);
        }

        _rows.Add(added);
        _used += size;
        _bytes += size;
        if (isDelete) Deletes++;
    }

    private Span<byte> Reserve(int size)
    {
        if (_chunk < 0 || _chunks[_chunk].Length - _used < size)
        {
            _chunk++;
            _used = 0;
            if (_chunk == _chunks.Count || _chunks[_chunk].Length < size)
                _chunks.Insert(_chunk, GC.AllocateUninitializedArray<byte>(Math.Max(ChunkSize, size)));
        }

        return _chunks[_chunk].AsSpan(_used, size);
    }

    private ReadOnlySpan<byte> RowOf(Row row) => _chunks[row.Chunk].AsSpan(row.Offset);

    private ReadOnlySpan<byte> KeyOf(Row row)
    {
        ReadOnlySpan<byte> bytes = RowOf(row);
        return bytes.Slice(RowHeadSize, bytes[0]);
    }

    private static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong)) return BinaryPrimitives.ReadUInt64BigEndian(key);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private readonly record struct Row(ulong KeyPrefix, int Chunk, int Offset);

    /// <summary>Compares without a look at the keys themselves, which are all over the memory.</summary>
    private readonly struct ByPrefixThenAge : IComparer<Row>
    {
        public int Compare(Row x, Row y)
        {
            int order = x.KeyPrefix.CompareTo(y.KeyPrefix);
            if (order != 0) return order;
            order = x.Chunk.CompareTo(y.Chunk);
            return order != 0 ? order : x.Offset.CompareTo(y.Offset);
        }
    }
}
