// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>Counts the blocks that were not in the files, and tells when there is no sense in looking there any longer.</summary>
internal sealed class MissMeter
{
    /// <summary>A daemon writes a block before it tells of it: at the end of its files there is nothing to miss.</summary>
    private const int MaxMissesAtEnd = 100;

    private const int FewMisses = 1_000;
    private const int HitsPerMiss = 8;

    private long _missesInARow;

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    public void Hit()
    {
        Hits++;
        _missesInARow = 0;
    }

    public void Miss()
    {
        Misses++;
        _missesInARow++;
    }

    /// <summary>Why to go on without the files; null as long as they are of use.</summary>
    public string? FindReason(BlockFileFolder folder, bool isAtEnd)
    {
        if (isAtEnd && _missesInARow > MaxMissesAtEnd)
            return $"the block files in {folder.Path} end before the daemon's chain; are they those of the daemon that is asked, and not a copy?";
        return Misses > FewMisses + (Hits / HitsPerMiss)
            ? $"too many blocks are missing from {folder.Path}: {Misses} of {Hits + Misses}"
            : null;
    }
}
