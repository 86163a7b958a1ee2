// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Fees;

/// <summary>What a block tells about fees.</summary>
/// <param name="VirtualSize">Of all its transactions together.</param>
/// <param name="LowRate">
/// What it took to get in: a fifth of its bytes, without coinbase and coinstake, pays less than this; smallest units per
/// 1000 virtual bytes. Zero when the block has no such transaction.
/// </param>
public readonly record struct BlockFees(int Height, int VirtualSize, long LowRate);
