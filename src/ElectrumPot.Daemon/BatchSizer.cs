// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// Blocks for the next batch, so that it has about the wanted number of bytes: sizes of blocks to come are unknown, those
/// that came last are the guess. Grows step by step and shrinks at once.
/// </summary>
internal sealed class BatchSizer(int targetBytes, int maxBlocks)
{
    private const int FirstBlocks = 16;

    private int _blocks = Math.Min(FirstBlocks, maxBlocks);

    public int Blocks => _blocks;

    /// <summary>Bytes that a batch of <see cref="Blocks"/> will probably have.</summary>
    public long ExpectedBytes { get; private set; } = targetBytes;

    public void Observe(int blocks, long bytes)
    {
        long perBlock = Math.Max(1, bytes / blocks);
        _blocks = (int)Math.Clamp(targetBytes / perBlock, 1, Math.Min(maxBlocks, Math.Max(_blocks, blocks) * 2L));
        ExpectedBytes = perBlock * _blocks;
    }
}
