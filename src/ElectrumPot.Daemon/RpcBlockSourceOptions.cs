// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>How far and in what portions blocks are fetched ahead.</summary>
public sealed record RpcBlockSourceOptions
{
    /// <summary>Serialised bytes that one batch aims at.</summary>
    public int TargetBatchBytes { get; init; } = 1 << 20;

    /// <summary>Blocks in one batch, however small they are; 1 to 2,000.</summary>
    public int MaxBatchBlocks { get; init; } = 250;

    /// <summary>Serialised bytes fetched or being fetched and not yet taken by the reader; one batch is always allowed.</summary>
    public long MaxBytesAhead { get; init; } = 16 << 20;
}
