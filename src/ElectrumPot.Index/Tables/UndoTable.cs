// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>An output that a block took out of the unspent ones.</summary>
/// <param name="InputIndex"><see cref="Overwritten"/> when no input spent it.</param>
internal readonly record struct UndoEntry(HashX Script, OutputLocation Output, long Value, int Position, int InputIndex)
{
    /// <summary>
    /// The output became unreachable because a coinbase with the same txid followed, as happened twice on Bitcoin's
    /// chain before BIP 30.
    /// </summary>
    public const int Overwritten = RowCodec.MaxIndex;
}

/// <summary>
/// Answers: what did a block spend, so that it can be undone?
/// Key: height (4). Value: for each spent output script (16), location (7), and as varints output index, value,
/// position of the spending transaction, input index.
/// What the block created is not stored: those of its outputs that are unspent when it is undone stand together in
/// the outputs table.
/// </summary>
internal sealed class UndoTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "undo";

    private const int FixedSize = HashX.Size + RowCodec.LocationSize;

    private const int MaxEntrySize = FixedSize + (4 * RowCodec.MaxVarintSize);

    public static void Put(RowBuffer rows, int height, ReadOnlySpan<UndoEntry> entries)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, entries.Length) * MaxEntrySize);
        int used = 0;
        foreach (ref readonly UndoEntry entry in entries)
        {
            entry.Script.CopyTo(rented.AsSpan(used));
            RowCodec.WriteLocation(rented.AsSpan(used + HashX.Size), entry.Output.Transaction);
            used += FixedSize;
            used += RowCodec.WriteVarint(rented.AsSpan(used), (ulong)entry.Output.Index);
            used += RowCodec.WriteVarint(rented.AsSpan(used), (ulong)entry.Value);
            used += RowCodec.WriteVarint(rented.AsSpan(used), (ulong)entry.Position);
            used += RowCodec.WriteVarint(rented.AsSpan(used), (ulong)entry.InputIndex);
        }

        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        rows.Put(key, rented.AsSpan(0, used));
        ArrayPool<byte>.Shared.Return(rented);
    }

    public static void Delete(RowBuffer rows, int height)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        rows.Delete(key);
    }

    /// <returns>Null when the block cannot be undone (any more).</returns>
    public List<UndoEntry>? Get(int height, ReadOptions read)
    {
        Span<byte> key = stackalloc byte[RowCodec.HeightSize];
        RowCodec.WriteHeight(key, height);
        using PinnedValue row = Database.GetPinned(key, Handle, read);
        return row.IsFound ? Read(height, row.Span) : null;
    }

    /// <summary>Reads the value of a row.</summary>
    /// <exception cref="IndexCorruptException">It is cut short or holds what cannot be.</exception>
    public static List<UndoEntry> Read(int height, ReadOnlySpan<byte> row)
    {
        var entries = new List<UndoEntry>();
        ReadOnlySpan<byte> rest = row;
        while (!rest.IsEmpty)
        {
            if (rest.Length < FixedSize)
                throw new IndexCorruptException($"The undo data of block {height} are cut short.");
            HashX script = RowCodec.ReadHashX(rest);
            TxLocation funding = RowCodec.ReadLocation(rest[HashX.Size..]);
            rest = rest[FixedSize..];
            int outputIndex = (int)ReadVarint(ref rest, height, RowCodec.MaxIndex);
            long value = (long)ReadVarint(ref rest, height, long.MaxValue);
            int position = (int)ReadVarint(ref rest, height, RowCodec.MaxIndex);
            int inputIndex = (int)ReadVarint(ref rest, height, RowCodec.MaxIndex);
            entries.Add(new UndoEntry(script, new OutputLocation(funding, outputIndex), value, position, inputIndex));
        }

        return entries;
    }

    /// <summary>The lowest height that can be undone; null when none can.</summary>
    public int? FirstHeight(ReadOptions read)
    {
        using Iterator rows = NewIterator(read);
        rows.SeekToFirst();
        return rows.Valid() ? RowCodec.ReadHeight(rows.KeySpan) : null;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest, int height, ulong max)
    {
        ulong value = RowCodec.ReadVarint(rest, out int size);
        rest = rest[size..];
        return value <= max ? value : throw new IndexCorruptException($"The undo data of block {height} hold a number out of range.");
    }
}
