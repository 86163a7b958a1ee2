// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Parsing;

/// <summary>Finds the extent of a transaction in a buffer and hands out a view of it.</summary>
public static class TransactionReader
{
    private const byte SegwitMarker = 0;
    private const byte SegwitFlag = 1;
    private const byte MwebFlag = 8;
    private const int LastVersionWithoutTime = 3;

    /// <summary>Reads a transaction that fills the buffer.</summary>
    /// <exception cref="MalformedBlockException">Truncated, followed by other bytes, or not of this format.</exception>
    public static TransactionView ReadWhole(ReadOnlySpan<byte> raw, TransactionFormat format)
    {
        TransactionView transaction = Read(raw, format, out int length);
        if (length != raw.Length)
            throw new MalformedBlockException($"{raw.Length - length} bytes follow the end of the transaction");
        return transaction;
    }

    /// <summary>Reads the transaction at the start of the buffer.</summary>
    /// <param name="length">Its size in bytes; what follows is not looked at.</param>
    /// <exception cref="MalformedBlockException">Truncated, or not of this format.</exception>
    public static TransactionView Read(ReadOnlySpan<byte> bytes, TransactionFormat format, out int length) =>
        Read(bytes, format, origin: 0, out length);

    /// <param name="origin">Offset of the bytes in their block; messages count from its beginning.</param>
    internal static TransactionView Read(ReadOnlySpan<byte> bytes, TransactionFormat format, int origin, out int length)
    {
        var reader = new ByteReader(bytes, origin);
        int version = reader.ReadInt32();
        bool hasWitness = format == TransactionFormat.Segwit && TrySkipSegwitMarker(ref reader);

        int inputCount = reader.ReadCount(TransactionView.MinInputSize);
        int inputsStart = reader.Position;
        for (int i = 0; i < inputCount; i++)
        {
            reader.Skip(36);
            reader.ReadVarBytes();
            reader.Skip(4);
        }

        int inputsEnd = reader.Position;
        int outputCount = reader.ReadCount(TransactionView.MinOutputSize);
        int outputsStart = reader.Position;
        for (int i = 0; i < outputCount; i++)
        {
            reader.Skip(8);
            reader.ReadVarBytes();
        }

        int outputsEnd = reader.Position;
        if (hasWitness)
            SkipWitnesses(ref reader, inputCount);

        int lockTimeStart = reader.Position;
        reader.Skip(4);
        if (format == TransactionFormat.Posv && version > LastVersionWithoutTime)
            reader.Skip(4);

        length = reader.Position;
        return new TransactionView(
            bytes[..length], inputsStart, inputCount, inputsEnd, outputsStart, outputCount, outputsEnd, lockTimeStart);
    }

    private static bool TrySkipSegwitMarker(ref ByteReader reader)
    {
        if (reader.PeekByte(0) != SegwitMarker) return false;
        byte flag = reader.PeekByte(1);
        if (flag != SegwitFlag)
        {
            throw new MalformedBlockException(flag == MwebFlag
                ? "the transaction has an MWEB part, which this server does not read"
                : $"the transaction has the unknown flag {flag}");
        }

        reader.Skip(2);
        return true;
    }

    private static void SkipWitnesses(ref ByteReader reader, int inputCount)
    {
        bool found = false;
        for (int input = 0; input < inputCount; input++)
        {
            int items = reader.ReadCount(1);
            found |= items != 0;
            for (int item = 0; item < items; item++)
                reader.ReadVarBytes();
        }

        // The nodes refuse it as well; accepted, one transaction would have two serialisations.
        if (!found)
            throw new MalformedBlockException("the transaction has the segwit marker, but no witness");
    }
}
