// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Parsing;

/// <summary>Reads a block front to back, one transaction at a time, without building objects.</summary>
/// <example><code>
/// var reader = new BlockReader(raw, coin.BlockFormat, coin.TransactionFormat);
/// while (reader.TryReadTransaction(out var transaction)) { ... }
/// // The end has been checked: signature where the version has one, nothing after it.
/// </code></example>
public ref struct BlockReader
{
    /// <summary>Four bytes of version, two counts, lock time: no transaction is shorter.</summary>
    private const int MinTransactionSize = 10;

    private const int LastVersionWithoutSignature = 2;

    private readonly ReadOnlySpan<byte> _block;
    private readonly BlockFormat _blockFormat;
    private readonly TransactionFormat _transactionFormat;
    private int _position;
    private int _left;

    /// <exception cref="MalformedBlockException">Too short for a header and a transaction count.</exception>
    public BlockReader(ReadOnlySpan<byte> block, BlockFormat blockFormat, TransactionFormat transactionFormat)
    {
        _block = block;
        _blockFormat = blockFormat;
        _transactionFormat = transactionFormat;
        var reader = new ByteReader(block);
        reader.Skip(BlockHeader.Size);
        TransactionCount = reader.ReadCount(MinTransactionSize);
        if (TransactionCount == 0)
            throw new MalformedBlockException("the block has no transaction, not even a coinbase");
        _left = TransactionCount;
        _position = reader.Position;
    }

    public readonly ReadOnlySpan<byte> Header => _block[..BlockHeader.Size];

    public int TransactionCount { get; }

    /// <summary>The proof-of-stake block signature; empty until the last transaction is read, and in blocks without.</summary>
    public ReadOnlySpan<byte> Signature { get; private set; }

    /// <summary>Byte offset of the next transaction within the block.</summary>
    public readonly int Position => _position;

    /// <returns>False after the last transaction.</returns>
    /// <exception cref="MalformedBlockException">Truncated, or something unexpected after the last transaction.</exception>
    public bool TryReadTransaction(out TransactionView transaction)
    {
        if (_left == 0)
        {
            transaction = default;
            return false;
        }

        transaction = TransactionReader.Read(_block[_position..], _transactionFormat, _position, out int length);
        _position += length;
        if (--_left == 0)
            ReadEnd();
        return true;
    }

    private void ReadEnd()
    {
        var reader = new ByteReader(_block[_position..], _position);
        int version = BlockHeader.Parse(_block).Version;
        if (_blockFormat == BlockFormat.Posv && version > LastVersionWithoutSignature)
            Signature = reader.ReadVarBytes();
        if (reader.Remaining != 0)
            throw new MalformedBlockException($"{reader.Remaining} bytes follow the end of the block (version {version})");
    }
}
