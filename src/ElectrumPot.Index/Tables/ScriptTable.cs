// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>An unspent output of a script.</summary>
internal readonly record struct UnspentRow(OutputLocation Output, long Value);

/// <summary>A spent output of a script, and the input that spends it.</summary>
internal readonly record struct SpentRow(TxLocation Spending, int InputIndex, OutputLocation Output);

/// <summary>
/// Answers: what is unspent on a script, and what were its last spends?
/// Key of a spend: script (16), 1, location of the spending transaction (7), input index (3). Value: location of the
/// funding transaction (7), output index (varint), so that an outpoint is found without reading transactions.
/// Key of an unspent output: script (16), 2, location (7), output index (3). Value: value (varint).
/// Both kinds of a script are neighbours: a reader seeks to the border between them, walks back over as many spends
/// as the pruning limit allows and forward over the unspent outputs. So the limit is exact whatever older rows are
/// still there, removing those is mere cleaning, and undoing a block brings the older ones back without any copy.
/// A counter or ring of spends per script would need a read before each write and copies in the undo data.
/// </summary>
internal sealed class ScriptTable(RocksDb database, string name) : Table(database, name)
{
    public const string Name = "scripts";

    /// <summary>Of the table that holds the spends until the import is complete.</summary>
    public const string ImportName = "spends";

    public const int KeySize = HashX.Size + 1 + RowCodec.LocationSize + RowCodec.IndexSize;

    public const byte SpentTag = 1;

    public const byte UnspentTag = 2;

    public const int LocationOffset = HashX.Size + 1;

    public const int IndexOffset = LocationOffset + RowCodec.LocationSize;

    public static void PutUnspent(RowBuffer rows, HashX script, OutputLocation output, long value)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> row = stackalloc byte[RowCodec.MaxVarintSize];
        WriteKey(key, script, UnspentTag, output.Transaction, output.Index);
        rows.Put(key, row[..RowCodec.WriteVarint(row, (ulong)value)]);
    }

    public static void DeleteUnspent(RowBuffer rows, HashX script, OutputLocation output)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, UnspentTag, output.Transaction, output.Index);
        rows.Delete(key);
    }

    public static void PutSpent(RowBuffer rows, HashX script, in SpentRow spent)
    {
        Span<byte> key = stackalloc byte[KeySize];
        Span<byte> row = stackalloc byte[RowCodec.LocationSize + RowCodec.MaxVarintSize];
        WriteKey(key, script, SpentTag, spent.Spending, spent.InputIndex);
        RowCodec.WriteLocation(row, spent.Output.Transaction);
        int size = RowCodec.LocationSize + RowCodec.WriteVarint(row[RowCodec.LocationSize..], (ulong)spent.Output.Index);
        rows.Put(key, row[..size]);
    }

    public static void DeleteSpent(RowBuffer rows, HashX script, TxLocation spending, int inputIndex)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, SpentTag, spending, inputIndex);
        rows.Delete(key);
    }

    /// <summary>Walks all rows of a script, the spends first, each kind in the order of the chain.</summary>
    /// <param name="rows">An iterator of this table.</param>
    public static RowWalk Rows(Iterator rows, HashX script)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, SpentTag, default, 0);
        rows.Seek(key);
        return new RowWalk(rows, script);
    }

    /// <summary>Walks the unspent outputs of a script in the order of the chain.</summary>
    /// <param name="rows">An iterator of this table.</param>
    public static UnspentWalk Unspent(Iterator rows, HashX script)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, UnspentTag, default, 0);
        rows.Seek(key);
        return new UnspentWalk(rows, script);
    }

    /// <summary>Walks the spends of a script from the last one back.</summary>
    /// <param name="rows">An iterator of this table.</param>
    /// <param name="before">Only spends in blocks below this height; <see cref="int.MaxValue"/> for all.</param>
    public static SpentWalk SpentBackwards(Iterator rows, HashX script, int before = int.MaxValue)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, SpentTag, new TxLocation(before, 0), 0);
        rows.SeekForPrev(key);
        return new SpentWalk(rows, script, isBackwards: true);
    }

    /// <summary>Walks the spends of a script in the order of the chain.</summary>
    /// <param name="rows">An iterator of this table.</param>
    /// <param name="from">Only spends in this transaction and after it.</param>
    public static SpentWalk SpentForwards(Iterator rows, HashX script, TxLocation from)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, script, SpentTag, from, 0);
        rows.Seek(key);
        return new SpentWalk(rows, script, isBackwards: false);
    }

    /// <summary>Reads a row met in a walk over the whole table.</summary>
    /// <returns>True for a spend, false for an unspent output.</returns>
    public static bool IsSpent(ReadOnlySpan<byte> key, out HashX script, out TxLocation location)
    {
        script = RowCodec.ReadHashX(key);
        location = RowCodec.ReadLocation(key[LocationOffset..]);
        return key[HashX.Size] == SpentTag;
    }

    public static HashX ScriptOf(ReadOnlySpan<byte> key) => RowCodec.ReadHashX(key);

    /// <summary>The first two bytes of the script, as a number.</summary>
    public static int PrefixOf(ReadOnlySpan<byte> key) => (key[0] << 8) | key[1];

    /// <param name="value">Of the row of a spend.</param>
    public static OutputLocation ReadSpentOutput(ReadOnlySpan<byte> value) =>
        new(RowCodec.ReadLocation(value), (int)RowCodec.ReadVarint(value[RowCodec.LocationSize..], out _));

    public static void WriteKey(Span<byte> key, HashX script, byte tag, TxLocation location, int index)
    {
        script.CopyTo(key);
        key[HashX.Size] = tag;
        RowCodec.WriteLocation(key[LocationOffset..], location);
        RowCodec.WriteIndex(key[IndexOffset..], index);
    }

    private static bool IsRowOf(ReadOnlySpan<byte> key, HashX script, byte tag) =>
        key.Length == KeySize && key[HashX.Size] == tag && RowCodec.ReadHashX(key) == script;

    internal ref struct RowWalk(Iterator rows, HashX script)
    {
        private bool _isStarted;

        public bool IsSpent { get; private set; }

        /// <summary>Of the spending transaction, or of the one that has the unspent output.</summary>
        public TxLocation Location { get; private set; }

        /// <summary>Of a spend.</summary>
        public readonly OutputLocation SpentOutput => ReadSpentOutput(rows.ValueSpan);

        public bool MoveNext()
        {
            if (_isStarted) rows.Next();
            _isStarted = true;
            if (!rows.Valid()) return false;
            ReadOnlySpan<byte> key = rows.KeySpan;
            if (key.Length != KeySize || RowCodec.ReadHashX(key) != script) return false;
            IsSpent = key[HashX.Size] == SpentTag;
            Location = RowCodec.ReadLocation(key[LocationOffset..]);
            return true;
        }
    }

    internal ref struct UnspentWalk(Iterator rows, HashX script)
    {
        private bool _isStarted;

        public UnspentRow Current { get; private set; }

        public bool MoveNext()
        {
            if (_isStarted) rows.Next();
            _isStarted = true;
            if (!rows.Valid() || !IsRowOf(rows.KeySpan, script, UnspentTag)) return false;
            ReadOnlySpan<byte> key = rows.KeySpan;
            var output = new OutputLocation(RowCodec.ReadLocation(key[LocationOffset..]), RowCodec.ReadIndex(key[IndexOffset..]));
            Current = new UnspentRow(output, (long)RowCodec.ReadVarint(rows.ValueSpan, out _));
            return true;
        }
    }

    internal ref struct SpentWalk(Iterator rows, HashX script, bool isBackwards)
    {
        private bool _isStarted;

        public SpentRow Current { get; private set; }

        public bool MoveNext()
        {
            if (_isStarted && isBackwards) rows.Prev();
            else if (_isStarted) rows.Next();
            _isStarted = true;
            if (!rows.Valid() || !IsRowOf(rows.KeySpan, script, SpentTag)) return false;
            ReadOnlySpan<byte> key = rows.KeySpan;
            Current = new SpentRow(RowCodec.ReadLocation(key[LocationOffset..]), RowCodec.ReadIndex(key[IndexOffset..]), ReadSpentOutput(rows.ValueSpan));
            return true;
        }
    }
}
