// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;
using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>
/// Answers: which other scripts pay to the key of an address?
/// Key: canonical script of the address (16), other script (16). Value: empty.
/// A row is a fact about two scripts, not about a chain: it stays when the block that showed it is undone.
/// </summary>
internal sealed class AliasTable(RocksDb database) : Table(database, Name)
{
    public const string Name = "aliases";

    public static void Put(RowBuffer rows, ScriptAlias alias)
    {
        Span<byte> key = stackalloc byte[2 * HashX.Size];
        alias.AddressScript.CopyTo(key);
        alias.Script.CopyTo(key[HashX.Size..]);
        rows.Put(key, default);
    }

    /// <summary>Adds the other scripts of an address to a list.</summary>
    public void Find(HashX addressScript, ReadOptions read, List<HashX> scripts)
    {
        Span<byte> prefix = stackalloc byte[HashX.Size];
        addressScript.CopyTo(prefix);
        using Iterator rows = NewIterator(read);
        for (rows.Seek(prefix); rows.Valid(); rows.Next())
        {
            ReadOnlySpan<byte> key = rows.KeySpan;
            if (!key.StartsWith(prefix)) break;
            scripts.Add(RowCodec.ReadHashX(key[HashX.Size..]));
        }
    }
}
