// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Chain.Primitives;
using Microsoft.Win32.SafeHandles;

namespace ElectrumPot.Benchmarks.BlockServing;

/// <summary>Reads the blocks of a generated chain where they stand in its files.</summary>
internal sealed class BlockStore : IDisposable
{
    private readonly Dictionary<Hash256, int> _heights = [];
    private readonly SafeFileHandle[] _files;
    private volatile int _tipHeight;

    public BlockStore(GeneratedChain chain)
    {
        Chain = chain;
        _tipHeight = chain.Places.Count - 1;
        for (int height = 0; height < chain.Places.Count; height++)
            _heights[chain.Places[height].Hash] = height;
        _files = [.. Enumerable.Range(0, chain.Places.Max(place => place.File) + 1).Select(file => File.OpenHandle(chain.PathOf(file)))];
    }

    public GeneratedChain Chain { get; }

    /// <summary>Blocks above are as if they had not been found yet. May be raised at any time.</summary>
    public int TipHeight
    {
        get => _tipHeight;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Chain.Places.Count);
            _tipHeight = value;
        }
    }

    public bool TryFind(Hash256 hash, out BlockPlace place)
    {
        bool isThere = _heights.TryGetValue(hash, out int height);
        place = isThere ? Chain.Places[height] : default;
        return isThere;
    }

    /// <param name="destination">Of the length of the block.</param>
    public void Read(BlockPlace place, Span<byte> destination)
    {
        if (RandomAccess.Read(_files[place.File], destination, place.Offset) != destination.Length)
            throw new EndOfStreamException($"{Chain.PathOf(place.File)} ends within a block.");
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files)
            file.Dispose();
    }
}
