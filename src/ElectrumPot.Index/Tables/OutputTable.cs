// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>An output by the location of its transaction: unlike an outpoint, this is unique.</summary>
internal readonly record struct OutputLocation(TxLocation Transaction, int Index);

/// <summary>What an unspent output is.</summary>
internal readonly record struct OutputValue(HashX Script, long Value);

/// <summary>
/// Answers: which script and value has an unspent output, when an input spends it?
/// Key: location (7), output index (3). Value: script (16), value (varint).
/// Ordered by height, so that all unspent outputs of a block stand together: undoing a block removes just those.
/// </summary>
internal sealed class OutputTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "outputs";

    public const int KeySize = RowCodec.LocationSize + RowCodec.IndexSize;

    private const int MaxValueSize = HashX.Size + RowCodec.MaxVarintSize;

    public static void Put(RowBuffer rows, OutputLocation output, OutputValue value)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> row = stackalloc byte[MaxValueSize];
        WriteKey(key, output);
        value.Script.CopyTo(row);
        int size = HashX.Size + RowCodec.WriteVarint(row[HashX.Size..], (ulong)value.Value);
        rows.Put(key, row[..size]);
    }

    public static void Delete(RowBuffer rows, OutputLocation output)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, output);
        rows.Delete(key);
    }

    public bool TryGet(OutputLocation output, ReadOptions read, out OutputValue value)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> row = stackalloc byte[MaxValueSize];
        WriteKey(key, output);
        if (!Database.TryGet(key, row, out int length, Handle, read))
        {
            value = default;
            return false;
        }

        value = ReadValue(row[..length]);
        return true;
    }

    /// <summary>The outputs of one block that are still unspent.</summary>
    public List<(OutputLocation Output, OutputValue Value)> GetCreatedAt(int height, ReadOptions read)
    {
        var created = new List<(OutputLocation, OutputValue)>();
        Span<byte> prefix = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(prefix, height);
        using Iterator rows = NewIterator(read);
        for (rows.Seek(prefix); rows.Valid(); rows.Next())
        {
            ReadOnlySpan<byte> key = rows.KeySpan;
            if (RowCodec.ReadHeight(key) != height) break;
            created.Add(Read(key, rows.ValueSpan));
        }

        return created;
    }

    public static (OutputLocation Output, OutputValue Value) Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        (new OutputLocation(RowCodec.ReadLocation(key), RowCodec.ReadIndex(key[RowCodec.LocationSize..])), ReadValue(value));

    /// <summary>The first two bytes of the script, as a number.</summary>
    /// <param name="value">Of a row.</param>
    public static int ScriptPrefixOf(ReadOnlySpan<byte> value) => (value[0] << 8) | value[1];

    private static OutputValue ReadValue(ReadOnlySpan<byte> row)
    {
        if (row.Length <= HashX.Size)
            throw new IndexCorruptException($"The row of an unspent output has only {row.Length} bytes.");
        return new OutputValue(RowCodec.ReadHashX(row), (long)RowCodec.ReadVarint(row[HashX.Size..], out _));
    }

    public static void WriteKey(Span<byte> key, OutputLocation output)
    {
        RowCodec.WriteLocation(key, output.Transaction);
        RowCodec.WriteIndex(key[RowCodec.LocationSize..], output.Index);
    }
}
