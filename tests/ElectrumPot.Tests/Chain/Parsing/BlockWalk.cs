// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Touches everything a view offers, as an indexer would.</summary>
internal static class BlockWalk
{
    /// <returns>False for a malformed block; every other exception passes through and fails the test.</returns>
    public static bool TryBlock(ReadOnlySpan<byte> raw, BlockFormat blockFormat, TransactionFormat transactionFormat)
    {
        try
        {
            Block(raw, blockFormat, transactionFormat);
            return true;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }

    public static bool TryTransaction(ReadOnlySpan<byte> raw, TransactionFormat format)
    {
        try
        {
            TransactionView transaction = TransactionReader.ReadWhole(raw, format);
            Verify(transaction.Raw.Length == raw.Length, "the view covers the buffer");
            Transaction(transaction);
            return true;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="TryTransaction"/>, whatever follows the transaction.</summary>
    public static bool TryBeginning(ReadOnlySpan<byte> raw, TransactionFormat format)
    {
        try
        {
            TransactionView transaction = TransactionReader.Read(raw, format, out int length);
            Verify(transaction.Raw.Length == length, "the view has the length that was read");
            Transaction(transaction);
            return true;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }

    /// <returns>Bytes of all scripts, so that no read can be optimised away.</returns>
    public static long Block(ReadOnlySpan<byte> raw, BlockFormat blockFormat, TransactionFormat transactionFormat)
    {
        var reader = new BlockReader(raw, blockFormat, transactionFormat);
        long sum = 0;
        int count = 0;
        int before = reader.Position;
        while (reader.TryReadTransaction(out TransactionView transaction))
        {
            Verify(raw[before..reader.Position].SequenceEqual(transaction.Raw), "transactions lie one behind the other");
            sum += Transaction(transaction);
            before = reader.Position;
            count++;
        }

        Verify(count == reader.TransactionCount, "as many transactions as the count says");
        Verify(!reader.TryReadTransaction(out _), "the end stays the end");
        Verify(reader.Signature.Length <= raw.Length - reader.Position, "the signature lies within the block");
        return sum;
    }

    public static long Transaction(TransactionView transaction)
    {
        long sum = 0;
        int inputs = 0;
        foreach (InputView input in transaction.Inputs)
        {
            sum += input.Script.Length + (input.PreviousOutput.IsNull ? 0 : 1) + (input.Sequence & 1);
            inputs++;
        }

        int outputs = 0;
        foreach (OutputView output in transaction.Outputs)
        {
            sum += output.Script.Length + (output.Value & 1);
            outputs++;
        }

        Verify(inputs == transaction.InputCount && outputs == transaction.OutputCount, "the enumerators count like the view");
        Verify(transaction.StrippedSize <= transaction.Raw.Length && transaction.StrippedSize > 0, "the witness only adds");
        Verify(transaction.HasWitness == (transaction.StrippedSize < transaction.Raw.Length), "stripped is shorter exactly with a witness");
        Verify(transaction.VirtualSize >= transaction.StrippedSize, "virtual is at least stripped");
        Verify(transaction.VirtualSize <= transaction.Raw.Length, "virtual is at most full");
        sum += transaction.Version + transaction.LockTime + (transaction.Time ?? 0);
        sum += transaction.IsCoinbase ? 1 : 0;
        sum += transaction.IsCoinstake ? 1 : 0;
        return sum + (transaction.ComputeTxid() == Hash256.Zero ? 1 : 0);
    }

    private static void Verify(bool condition, string claim)
    {
        if (!condition) throw new InvalidOperationException($"Broken: {claim}.");
    }
}
