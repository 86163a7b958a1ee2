// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Part of a history, an addition of Fulcrum to <c>get_history</c> in protocol 1.4.</summary>
/// <param name="From">First height.</param>
/// <param name="To">Height after the last; -1 for all up to the tip and the mempool.</param>
internal readonly record struct HeightRange(int From, int To)
{
    public static HeightRange All => new(0, -1);

    /// <summary>Reads two arguments, both optional.</summary>
    public static RpcError? Read(ref RpcCall call, int index, out HeightRange range)
    {
        range = All;
        if (call.Params.ReadNatural(index, absent: 0, out int from) is { } wrongFrom) return wrongFrom;
        if (call.Params.ReadNaturalOrMinusOne(index + 1, absent: -1, out int to) is { } wrongTo) return wrongTo;
        range = new HeightRange(from, to);
        return to == -1 || from <= to ? null : RpcError.BadRequest($"from_height {from} must be <= to_height {to}");
    }

    public bool Contains(HistoryEntry entry) => entry.IsConfirmed ? entry.Height >= From && (To == -1 || entry.Height < To) : To == -1;
}
