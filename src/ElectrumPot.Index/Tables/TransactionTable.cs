// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: what are the bytes of a transaction? Only with <c>store_transactions = yes</c>.
/// Key: location (7). Value: the transaction as the network serialises it.
/// In the order of the chain, so that neighbours are compressed together and the import writes each row once.
/// </summary>
internal sealed class TransactionTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "transactions";

    public static void Put(RowBuffer rows, TxLocation location, ReadOnlySpan<byte> raw)
    {
        Span<byte> key = stackalloc byte[RowCodec.LocationSize];
        RowCodec.WriteLocation(key, location);
        rows.Put(key, raw);
    }

    public static void Delete(RowBuffer rows, TxLocation location)
    {
        Span<byte> key = stackalloc byte[RowCodec.LocationSize];
        RowCodec.WriteLocation(key, location);
        rows.Delete(key);
    }

    /// <returns>Null where there is none.</returns>
    public byte[]? Get(TxLocation location, ReadOptions read)
    {
        Span<byte> key = stackalloc byte[RowCodec.LocationSize];
        RowCodec.WriteLocation(key, location);
        return Database.Get(key, Handle, read);
    }
}
