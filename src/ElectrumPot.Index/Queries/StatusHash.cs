// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Buffers.Text;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>SHA-256 of <c>txid:height:</c> for every entry of a history (protocol, section "Status").</summary>
public static class StatusHash
{
    // Txid, two colons, and a height of at most 11 characters.
    private const int MaxEntrySize = Hash256.HexLength + 2 + 11;

    /// <returns>The digest, written by wallets in natural order (not reversed); null for an empty history.</returns>
    public static Hash256? Compute(IReadOnlyList<HistoryEntry> history) => history switch
    {
        { Count: 0 } => null,
        History known => known.Status,
        _ => Digest([.. history]),
    };

    internal static Hash256 Digest(ReadOnlySpan<HistoryEntry> history)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(history.Length * MaxEntrySize);
        int used = 0;
        foreach (ref readonly HistoryEntry entry in history)
        {
            entry.Txid.FormatHex(text.AsSpan(used, Hash256.HexLength));
            used += Hash256.HexLength;
            text[used++] = (byte)':';
            Utf8Formatter.TryFormat(entry.Height, text.AsSpan(used), out int digits);
            used += digits;
            text[used++] = (byte)':';
        }

        Span<byte> digest = stackalloc byte[Hash256.Size];
        Sha256.Hash(text.AsSpan(0, used), digest);
        ArrayPool<byte>.Shared.Return(text);
        return new Hash256(digest);
    }
}
