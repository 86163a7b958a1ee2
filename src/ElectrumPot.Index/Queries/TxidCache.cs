// SPDX-License-Identifier: MIT

using System.Numerics;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// Rows of the table of txids that were read last, up to a sum of sizes: a history takes a look-up for each of its
/// transactions, and this is the cheapest of them. Safe to use from many threads, without a lock.
/// </summary>
/// <remarks>Each row has one place; a row that another one needs the place of, or whose turn it is when memory is short, goes.</remarks>
/// <param name="budget">In bytes.</param>
internal sealed class TxidCache(long budget)
{
    /// <summary>Of memory for one place: most blocks have few transactions.</summary>
    private const int BytesPerPlace = 512;

    // Objects, array header, place.
    private const int RowCost = 80;

    private readonly Row?[] _places = new Row?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(budget / BytesPerPlace, 16, 1 << 24))];
    private long _used;
    private uint _hand;

    /// <param name="chunk">Number of the row within the block.</param>
    /// <param name="branch">As it was when the reader's view was made; see <see cref="BlockTreeCache.Branch"/>.</param>
    /// <returns>Null when it is not here.</returns>
    public Hash256[]? Find(int height, int chunk, long branch) =>
        Volatile.Read(ref _places[PlaceOf(height, chunk)]) is { } row && row.Height == height && row.Chunk == chunk && row.Branch == branch
            ? row.Txids
            : null;

    public void Add(int height, int chunk, long branch, Hash256[] txids)
    {
        Exchange(PlaceOf(height, chunk), new Row(height, chunk, branch, txids));
        // One turn at most: a row may be larger than all the memory there is.
        for (int i = 0; i < _places.Length && Volatile.Read(ref _used) > budget; i++)
            Exchange((int)(Interlocked.Increment(ref _hand) & (uint)(_places.Length - 1)), null);
    }

    private void Exchange(int place, Row? row)
    {
        Row? old = Interlocked.Exchange(ref _places[place], row);
        Interlocked.Add(ref _used, (row?.Cost ?? 0) - (old?.Cost ?? 0));
    }

    private int PlaceOf(int height, int chunk) =>
        (int)((((uint)height * 0x9E3779B1u) ^ ((uint)chunk * 0x85EBCA77u)) >> (33 - BitOperations.Log2((uint)_places.Length * 2)));

    private sealed record Row(int Height, int Chunk, long Branch, Hash256[] Txids)
    {
        public long Cost => RowCost + ((long)Txids.Length * Hash256.Size);
    }
}
