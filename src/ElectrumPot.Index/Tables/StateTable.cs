// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text;
using ElectrumPot.Chain.Primitives;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>How far the index is.</summary>
/// <param name="Height">-1 while the index is empty.</param>
/// <param name="Transactions">In all blocks up to the tip.</param>
internal readonly record struct IndexTip(int Height, Hash256 Hash, long Transactions)
{
    public static IndexTip Empty => new(-1, Hash256.Zero, 0);
}

/// <summary>
/// Answers: what is this database, and up to which block does it reach?
/// Key: a name. Value: see the members. The tip is written in the same batch as the rows of its block, which is what
/// makes every other table valid up to exactly that block.
/// </summary>
internal sealed class StateTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "default";

    private const int TipSize = RowCodec.HeightSize + Hash256.Size + 8;

    private static readonly byte[] SchemaKey = "schema"u8.ToArray();
    private static readonly byte[] GenesisKey = "genesis"u8.ToArray();
    private static readonly byte[] CoinKey = "coin"u8.ToArray();
    private static readonly byte[] PruningLimitKey = "pruning_limit"u8.ToArray();
    private static readonly byte[] TipKey = "tip"u8.ToArray();
    private static readonly byte[] ImportedKey = "imported"u8.ToArray();
    private static readonly byte[] StagedTipKey = "staged_tip"u8.ToArray();
    private static readonly byte[] StoresTransactionsKey = "store_transactions"u8.ToArray();
    private static readonly byte[] PruningDueKey = "pruning_due"u8.ToArray();

    /// <summary>Version of the layout of all tables; 0 in a new database.</summary>
    public int Schema
    {
        get => Database.Get(SchemaKey, Handle) is { Length: 4 } value ? BinaryPrimitives.ReadInt32LittleEndian(value) : 0;
    }

    public Hash256? Genesis => Database.Get(GenesisKey, Handle) is { Length: Hash256.Size } value ? new Hash256(value) : null;

    public string Coin => Database.Get(CoinKey, Handle) is { } value ? Encoding.UTF8.GetString(value) : "?";

    /// <summary>Spent outputs that are kept for sure; 0 means all.</summary>
    public int PruningLimit =>
        Database.Get(PruningLimitKey, Handle) is { Length: 4 } value ? BinaryPrimitives.ReadInt32LittleEndian(value) : 0;

    /// <summary>Every block is there with its transactions.</summary>
    public bool StoresTransactions => Database.Get(StoresTransactionsKey, Handle) is { Length: 1 };

    /// <summary>The index has caught up with the daemon once and has been cleaned of what the limit leaves out.</summary>
    public bool IsImported => Database.Get(ImportedKey, Handle) is { Length: 1 };

    /// <summary>The limit was lowered, and what it leaves out is still there.</summary>
    public bool IsPruningDue => Database.Get(PruningDueKey, Handle) is { Length: 1 };

    public IndexTip Tip => ReadTip(TipKey) ?? IndexTip.Empty;

    /// <summary>What the tip becomes when the staged table files have been taken; null when there are none to take.</summary>
    public IndexTip? StagedTip => ReadTip(StagedTipKey);

    public void PutIdentity(WriteBatch batch, int schema, string coin, Hash256 genesis)
    {
        Span<byte> version = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(version, schema);
        batch.Put(SchemaKey, version, Handle);
        batch.Put(CoinKey, Encoding.UTF8.GetBytes(coin), Handle);
        batch.Put(GenesisKey, genesis.Bytes, Handle);
    }

    public void PutPruningLimit(WriteBatch batch, int limit)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(value, limit);
        batch.Put(PruningLimitKey, value, Handle);
    }

    public void PutStoresTransactions(WriteBatch batch, bool stores)
    {
        if (stores)
            batch.Put(StoresTransactionsKey, [1], Handle);
        else
            batch.Delete(StoresTransactionsKey, Handle);
    }

    public void PutImported(WriteBatch batch) => batch.Put(ImportedKey, [1], Handle);

    public void PutPruningDue(WriteBatch batch) => batch.Put(PruningDueKey, [1], Handle);

    public void DeletePruningDue(WriteBatch batch) => batch.Delete(PruningDueKey, Handle);

    public void DeleteImported(WriteBatch batch) => batch.Delete(ImportedKey, Handle);

    public void PutTip(WriteBatch batch, in IndexTip tip)
    {
        if (tip.Height < 0)
        {
            batch.Delete(TipKey, Handle);
            return;
        }

        PutTip(batch, TipKey, tip);
    }

    public void PutStagedTip(WriteBatch batch, in IndexTip tip) => PutTip(batch, StagedTipKey, tip);

    public void DeleteStagedTip(WriteBatch batch) => batch.Delete(StagedTipKey, Handle);

    private void PutTip(WriteBatch batch, byte[] key, in IndexTip tip)
    {
        Span<byte> value = stackalloc byte[TipSize];
        RowCodec.WriteHeight(value, tip.Height);
        tip.Hash.CopyTo(value[RowCodec.HeightSize..]);
        BinaryPrimitives.WriteInt64LittleEndian(value[(RowCodec.HeightSize + Hash256.Size)..], tip.Transactions);
        batch.Put(key, value, Handle);
    }

    private IndexTip? ReadTip(byte[] key)
    {
        if (Database.Get(key, Handle) is not { } value) return null;
        if (value.Length != TipSize)
            throw new IndexCorruptException($"The tip row of the database has {value.Length} bytes instead of {TipSize}.");
        return new IndexTip(
            RowCodec.ReadHeight(value),
            new Hash256(value.AsSpan(RowCodec.HeightSize, Hash256.Size)),
            BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(RowCodec.HeightSize + Hash256.Size)));
    }
}
