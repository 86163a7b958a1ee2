// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Reads rows that may be damaged: what the tables' own readers take for granted is checked here, to the last byte. And
/// writes what two tables say of the same thing in one form, so that both can be compared.
/// </summary>
internal static class StoredRows
{
    public const int UnspentFactSize = RowCodec.LocationSize + RowCodec.IndexSize + HashX.Size + sizeof(long);

    public const int SpendFactSize = HashX.Size + (2 * (RowCodec.LocationSize + RowCodec.IndexSize));

    public static bool TryReadOutput(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row, out OutputLocation output, out OutputValue value)
    {
        (output, value) = (default, default);
        if (key.Length != OutputTable.KeySize || row.Length <= HashX.Size || !TryReadAmount(row[HashX.Size..], out long amount)) return false;
        output = ReadOutputLocation(key);
        value = new OutputValue(RowCodec.ReadHashX(row), amount);
        return output.Transaction.Height >= 0;
    }

    /// <summary>The whole of a varint and nothing after it, not above the greatest amount.</summary>
    public static bool TryReadAmount(ReadOnlySpan<byte> row, out long amount)
    {
        amount = 0;
        if (!TryReadVarint(row, out ulong value) || value > long.MaxValue) return false;
        amount = (long)value;
        return true;
    }

    /// <param name="row">Of a spend in the table of scripts.</param>
    public static bool TryReadSpentOutput(ReadOnlySpan<byte> row, out OutputLocation output)
    {
        output = default;
        if (row.Length <= RowCodec.LocationSize || !TryReadVarint(row[RowCodec.LocationSize..], out ulong index) || index > RowCodec.MaxIndex) return false;
        output = new OutputLocation(RowCodec.ReadLocation(row), (int)index);
        return true;
    }

    public static OutputLocation ReadOutputLocation(ReadOnlySpan<byte> key) =>
        new(RowCodec.ReadLocation(key), RowCodec.ReadIndex(key[RowCodec.LocationSize..]));

    public static void WriteUnspentFact(Span<byte> fact, OutputLocation output, in OutputValue value)
    {
        OutputTable.WriteKey(fact, output);
        value.Script.CopyTo(fact[OutputTable.KeySize..]);
        BinaryPrimitives.WriteInt64BigEndian(fact[(OutputTable.KeySize + HashX.Size)..], value.Value);
    }

    public static void WriteSpendFact(Span<byte> fact, HashX script, in SpentRow spent)
    {
        script.CopyTo(fact);
        OutputTable.WriteKey(fact[HashX.Size..], new OutputLocation(spent.Spending, spent.InputIndex));
        OutputTable.WriteKey(fact[(HashX.Size + OutputTable.KeySize)..], spent.Output);
    }

    public static string Describe(TxLocation location) => $"transaction {location.Position} of block {location.Height}";

    public static string Describe(OutputLocation output) => $"output {output.Index} of {Describe(output.Transaction)}";

    /// <summary>Three varints within the bounds of file number, offset and length; then none or as many as it takes to be as long as the block.</summary>
    public static bool IsBlockPosition(ReadOnlySpan<byte> row)
    {
        ReadOnlySpan<ulong> bounds = [int.MaxValue, uint.MaxValue, int.MaxValue];
        ulong length = 0;
        foreach (ulong bound in bounds)
        {
            if (!TryReadVarint(row, out length, out int size) || length > bound) return false;
            row = row[size..];
        }

        if (row.IsEmpty) return true;
        ulong sum = 0;
        while (!row.IsEmpty)
        {
            if (!TryReadVarint(row, out ulong part, out int size) || part > int.MaxValue) return false;
            sum += part;
            row = row[size..];
        }

        // A block with a signature has it after its transactions.
        return sum <= length;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> row, out ulong value) => TryReadVarint(row, out value, out int size) && size == row.Length;

    private static bool TryReadVarint(ReadOnlySpan<byte> row, out ulong value, out int size)
    {
        (value, size) = (0, 0);
        for (int i = 0; i < row.Length && i < RowCodec.MaxVarintSize; i++)
        {
            value |= (ulong)(row[i] & 0x7f) << (7 * i);
            size = i + 1;
            if (row[i] < 0x80) return true;
        }

        return false;
    }
}
