// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace ElectrumPot.EndToEnd.Naive;

internal sealed record NaiveOutpoint(string Txid, uint Index);

internal sealed record NaiveOutput(byte[] Script, long Value);

/// <param name="Txid">In display order, as everywhere in the naive model.</param>
/// <param name="VirtualSize">A quarter of the weight, rounded up; the plain size without witnesses.</param>
internal sealed record NaiveTransaction(
    string Txid, string Raw, bool IsCoinbase, IReadOnlyList<NaiveOutpoint> Inputs, IReadOnlyList<NaiveOutput> Outputs, int VirtualSize);

/// <param name="Header">The 80 bytes in hexadecimal.</param>
internal sealed record NaiveBlock(string Hash, string Header, IReadOnlyList<NaiveTransaction> Transactions);

/// <summary>
/// Reads blocks and transactions byte by byte, written for the tests alone: slow, allocating, and with nothing in common
/// with the reader of the product but the format itself.
/// </summary>
internal sealed class NaiveReader(byte[] bytes, NaiveFormat format)
{
    private int _position;

    public static NaiveBlock ReadBlock(string hex, NaiveFormat format)
    {
        var reader = new NaiveReader(Convert.FromHexString(hex), format);
        NaiveBlock block = reader.Block();
        reader.MustBeAtEnd();
        return block;
    }

    public static NaiveTransaction ReadTransaction(string hex, NaiveFormat format)
    {
        var reader = new NaiveReader(Convert.FromHexString(hex), format);
        NaiveTransaction transaction = reader.Transaction();
        reader.MustBeAtEnd();
        return transaction;
    }

    /// <summary>Double SHA-256 in display order.</summary>
    public static string DisplayHash(ReadOnlySpan<byte> data)
    {
        byte[] hash = SHA256.HashData(SHA256.HashData(data));
        Array.Reverse(hash);
        return Convert.ToHexStringLower(hash);
    }

    private NaiveBlock Block()
    {
        byte[] header = Take(80);
        var transactions = new NaiveTransaction[Count()];
        for (int i = 0; i < transactions.Length; i++) transactions[i] = Transaction();
        if (format.BlockSignature && BitConverter.ToInt32(header) > 2) Take(Count());
        return new NaiveBlock(DisplayHash(header), Convert.ToHexStringLower(header), transactions);
    }

    private NaiveTransaction Transaction()
    {
        int start = _position;
        byte[] version = Take(4);
        bool segwit = bytes[_position] == 0 && bytes[_position + 1] == 1;
        if (segwit) Take(2);

        int bodyStart = _position;
        var inputs = new NaiveOutpoint[Count()];
        for (int i = 0; i < inputs.Length; i++)
        {
            byte[] txid = Take(32);
            Array.Reverse(txid);
            inputs[i] = new NaiveOutpoint(Convert.ToHexStringLower(txid), BitConverter.ToUInt32(Take(4)));
            Take(Count());
            Take(4);
        }

        var outputs = new NaiveOutput[Count()];
        for (int i = 0; i < outputs.Length; i++)
        {
            long value = BitConverter.ToInt64(Take(8));
            outputs[i] = new NaiveOutput(Take(Count()), value);
        }

        byte[] body = bytes[bodyStart.._position];
        if (segwit)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                for (int items = Count(); items > 0; items--) Take(Count());
            }
        }

        byte[] lockTime = Take(4);
        byte[] time = format.TransactionTime && BitConverter.ToInt32(version) > 3 ? Take(4) : [];
        byte[] hashed = [.. version, .. body, .. lockTime, .. time];
        bool coinbase = inputs is [{ Index: uint.MaxValue, Txid: var previous }] && previous.All(digit => digit == '0');
        int weight = (3 * hashed.Length) + (_position - start);
        return new NaiveTransaction(
            DisplayHash(hashed), Convert.ToHexStringLower(bytes[start.._position]), coinbase, inputs, outputs, (weight + 3) / 4);
    }

    private int Count() => Take(1)[0] switch
    {
        0xfd => BitConverter.ToUInt16(Take(2)),
        0xfe => checked((int)BitConverter.ToUInt32(Take(4))),
        0xff => checked((int)BitConverter.ToInt64(Take(8))),
        byte small => small,
    };

    private byte[] Take(int count)
    {
        byte[] taken = bytes[_position..(_position + count)];
        _position += count;
        return taken;
    }

    private void MustBeAtEnd()
    {
        if (_position != bytes.Length) throw new InvalidDataException($"{bytes.Length - _position} bytes are left over.");
    }
}
