// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>A record of a block file: a block, active, stale or damaged.</summary>
/// <param name="Hash">Of the header.</param>
/// <param name="Raw">The block. Nobody writes to these bytes again.</param>
/// <param name="IsLast">No other record follows it yet, so the daemon may have been writing it at this moment.</param>
internal readonly record struct ScannedBlock(BlockPosition Position, Hash256 Hash, ReadOnlyMemory<byte> Raw, bool IsLast);
