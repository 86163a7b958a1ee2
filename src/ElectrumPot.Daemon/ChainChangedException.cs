// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// The daemon's chain changed between two answers: blocks no longer link, or it ends sooner than asked for. Ask for the
/// tip again and go on from the last common block.
/// </summary>
/// <param name="height">Height of the first block that does not belong to what came before.</param>
public sealed class ChainChangedException(int height, string message) : Exception(message)
{
    public int Height { get; } = height;
}
