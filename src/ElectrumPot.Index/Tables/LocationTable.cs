// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: where may a txid stand in the chain?
/// Key: first 8 bytes of the txid, location (7). Value: empty.
/// The rows are candidates: eight bytes can be forged to collide, so whoever takes a row compares the whole txid
/// unless the row is the only one and the txid is known to exist. Keys without value make writing blind, and give a
/// txid that stands in several blocks (proof-of-stake coinbases) a row for each.
/// </summary>
internal sealed class LocationTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "locations";

    public const int PrefixSize = 8;

    public const int KeySize = PrefixSize + RowCodec.LocationSize;

    public static void Put(RowBuffer rows, Hash256 txid, TxLocation location)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, txid, location);
        rows.Put(key, default);
    }

    public static void Delete(RowBuffer rows, Hash256 txid, TxLocation location)
    {
        Span<byte> key = stackalloc byte[KeySize];
        WriteKey(key, txid, location);
        rows.Delete(key);
    }

    /// <summary>Collects the candidates in the order of the chain.</summary>
    /// <param name="rows">An iterator of this table.</param>
    public static void Find(Iterator rows, Hash256 txid, List<TxLocation> candidates)
    {
        candidates.Clear();
        ReadOnlySpan<byte> prefix = txid.Bytes[..PrefixSize];
        for (rows.Seek(prefix); rows.Valid(); rows.Next())
        {
            ReadOnlySpan<byte> key = rows.KeySpan;
            if (!key.StartsWith(prefix)) break;
            candidates.Add(RowCodec.ReadLocation(key[PrefixSize..]));
        }
    }

    public static void WriteKey(Span<byte> key, Hash256 txid, TxLocation location)
    {
        txid.Bytes[..PrefixSize].CopyTo(key);
        RowCodec.WriteLocation(key[PrefixSize..], location);
    }
}
