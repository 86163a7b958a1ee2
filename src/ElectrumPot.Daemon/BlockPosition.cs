// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>Where a serialised block stands in the daemon's <c>blk*.dat</c> files.</summary>
/// <param name="File">Number in the name of the file.</param>
/// <param name="Offset">Of the first byte of the block, after magic and length.</param>
/// <param name="Length">Of the block, in bytes.</param>
public readonly record struct BlockPosition(int File, uint Offset, int Length);

/// <summary>Where a serialised transaction stands in the daemon's <c>blk*.dat</c> files.</summary>
/// <param name="File">Number in the name of the file.</param>
/// <param name="Offset">Of the first byte of the transaction.</param>
/// <param name="Length">Of the transaction, in bytes.</param>
public readonly record struct TransactionPosition(int File, long Offset, int Length);
