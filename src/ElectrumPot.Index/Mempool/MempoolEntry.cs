// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;

namespace ElectrumPot.Index.Mempool;

/// <param name="Value">In the smallest unit.</param>
internal readonly record struct MempoolInput(OutPoint PreviousOutput, HashX Script, long Value);

internal readonly record struct MempoolOutput(int Index, HashX Script, long Value);

/// <summary>An unconfirmed transaction whose inputs are all known.</summary>
internal sealed class MempoolEntry
{
    public required Hash256 Txid { get; init; }

    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>In virtual bytes.</summary>
    public required int VirtualSize { get; init; }

    /// <summary>Inputs minus outputs, in the smallest unit; never negative.</summary>
    public required long Fee { get; init; }

    public required MempoolInput[] Inputs { get; init; }

    public required MempoolOutput[] Outputs { get; init; }

    public required ScriptAlias[] Aliases { get; init; }

    /// <summary>Scripts of inputs and outputs, each once.</summary>
    public required HashX[] Scripts { get; init; }

    /// <summary>Grows with every transaction that enters.</summary>
    public required long Arrival { get; init; }

    /// <summary>What a history shows: -1 when an input is an output of another mempool transaction, else 0.</summary>
    public required int Height { get; init; }
}
