// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>How block files are read, and when it is worth while.</summary>
public sealed record BlockFileOptions
{
    /// <summary>Bytes of one read; a block that is longer is read in one piece all the same.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>Blocks that are remembered by position until their turn comes; about 60 bytes each. Stale blocks stay until they are the oldest.</summary>
    public int WindowBlocks { get; init; } = 250_000;

    /// <summary>
    /// Blocks that are looked through for a missing one beyond the last that was found: as many as have
    /// <see cref="LookaheadBytes"/>, but at least <see cref="MinLookaheadBlocks"/> and at most <see cref="MaxLookaheadBlocks"/>.
    /// </summary>
    public long LookaheadBytes { get; init; } = 512L << 20;

    /// <summary>Four times what a daemon downloads out of order at most.</summary>
    public int MinLookaheadBlocks { get; init; } = 4_096;

    /// <summary>Well below <see cref="WindowBlocks"/>, so that only stale blocks are ever forgotten.</summary>
    public int MaxLookaheadBlocks { get; init; } = 50_000;

    /// <summary>Shorter ranges come over RPC: to find their place in the files takes longer than to ask for them.</summary>
    public int MinRangeBlocks { get; init; } = 500;

    /// <summary>Files that <see cref="BlockFileReader"/> keeps open.</summary>
    public int OpenFiles { get; init; } = 16;
}
