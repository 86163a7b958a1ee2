// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Building;

/// <summary>
/// Outputs by number, in arrays that are never copied. A slot costs 24 bytes, a dictionary entry would cost three times
/// that and a hash.
/// </summary>
internal sealed class OutputSlots
{
    private const int ChunkBits = 14;
    private const int ChunkLength = 1 << ChunkBits;
    private const int SlotSize = 24;
    private const long Empty = long.MinValue;

    private readonly List<OutputValue[]> _chunks = [];

    public int Count { get; private set; }

    public long Bytes => (long)Count * SlotSize;

    public void Add(OutputValue output)
    {
        int chunk = Count >> ChunkBits;
        if (chunk == _chunks.Count)
            _chunks.Add(new OutputValue[ChunkLength]);
        _chunks[chunk][Count & (ChunkLength - 1)] = output;
        Count++;
    }

    public void AddEmpty() => Add(new OutputValue(default, Empty));

    public bool TryGet(int slot, out OutputValue output)
    {
        output = At(slot);
        return output.Value != Empty;
    }

    /// <summary>Gets an output and empties its slot.</summary>
    public bool TryTake(int slot, out OutputValue output)
    {
        ref OutputValue found = ref At(slot);
        output = found;
        if (output.Value == Empty) return false;
        found = new OutputValue(default, Empty);
        return true;
    }

    /// <summary>Forgets the outputs and keeps the memory for the next ones.</summary>
    public void Clear() => Count = 0;

    private ref OutputValue At(int slot) => ref _chunks[slot >> ChunkBits][slot & (ChunkLength - 1)];
}
