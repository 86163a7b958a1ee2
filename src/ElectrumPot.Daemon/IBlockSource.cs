// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>Where the index gets its blocks from, in order.</summary>
public interface IBlockSource
{
    /// <summary>The blocks of both heights and all between, each linking to the one before.</summary>
    /// <exception cref="ChainChangedException">The chain changed under way; what was delivered before stands.</exception>
    IAsyncEnumerable<SourceBlock> ReadAsync(int firstHeight, int lastHeight, CancellationToken cancellationToken);

    /// <summary>
    /// Tells the source, between two readings, that a block it delivered is damaged behind its header, so that another copy is
    /// delivered next time.
    /// </summary>
    /// <returns>False when there is no other copy.</returns>
    bool Distrust(int height) => false;
}
