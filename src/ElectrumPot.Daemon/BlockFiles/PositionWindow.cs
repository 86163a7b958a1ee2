// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// Where blocks stand that were met before their turn. Bounded: the entry added first is forgotten first. Blocks are known by
/// the first eight bytes of their hash; whoever reads one checks the whole.
/// </summary>
internal sealed class PositionWindow(int capacity)
{
    private const int FirstSize = 256;

    private readonly Dictionary<ulong, int> _slots = [];
    private Entry[] _ring = new Entry[Math.Min(FirstSize, capacity)];
    private int _next;

    public int Count => _slots.Count;

    /// <param name="ordinal">Number of the block in the order of the files.</param>
    public void Add(Hash256 hash, BlockPosition position, long ordinal)
    {
        if (_next == _ring.Length)
        {
            if (_ring.Length < capacity) Array.Resize(ref _ring, (int)Math.Min(_ring.Length * 2L, capacity));
            else _next = 0;
        }

        ref Entry slot = ref _ring[_next];
        if (_slots.TryGetValue(slot.Key, out int owner) && owner == _next)
            _slots.Remove(slot.Key);
        slot = new Entry(KeyOf(hash), ordinal, position);
        // A block that is there twice is found at its later place.
        _slots[slot.Key] = _next++;
    }

    public bool Contains(Hash256 hash) => _slots.ContainsKey(KeyOf(hash));

    /// <summary>Finds a block and forgets it.</summary>
    public bool TryTake(Hash256 hash, out BlockPosition position, out long ordinal)
    {
        if (!_slots.Remove(KeyOf(hash), out int slot))
        {
            position = default;
            ordinal = -1;
            return false;
        }

        (_, ordinal, position) = _ring[slot];
        return true;
    }

    private static ulong KeyOf(Hash256 hash) => MemoryMarshal.Read<ulong>(hash.Bytes);

    private readonly record struct Entry(ulong Key, long Ordinal, BlockPosition Position);
}
