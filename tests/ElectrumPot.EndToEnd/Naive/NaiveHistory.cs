// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ElectrumPot.EndToEnd.Naive;

/// <param name="Height">0 in the mempool with confirmed inputs only, -1 in the mempool otherwise.</param>
/// <param name="Fee">In the smallest unit, for mempool entries only.</param>
internal sealed record NaiveEntry(string Txid, int Height, long? Fee = null);

internal sealed record NaiveUnspent(string Txid, uint Index, int Height, long Value);

/// <summary>All that the protocol can say about one script or address at one moment.</summary>
internal sealed record NaiveHistory(
    IReadOnlyList<NaiveEntry> Confirmed,
    IReadOnlyList<NaiveEntry> Mempool,
    IReadOnlyList<NaiveUnspent> Unspent,
    long ConfirmedBalance,
    long UnconfirmedBalance)
{
    public IReadOnlyList<NaiveEntry> All => [.. Confirmed, .. Mempool];

    public string? Status => StatusOf(All.Select(entry => (entry.Txid, entry.Height)));

    /// <summary>The status of any list of entries (semantics, Status); null for an empty one.</summary>
    public static string? StatusOf(IEnumerable<(string Txid, int Height)> entries)
    {
        string text = string.Concat(entries.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Txid}:{entry.Height}:")));
        return text.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
    }
}
