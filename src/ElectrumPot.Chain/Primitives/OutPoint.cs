// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Primitives;

/// <summary>A transaction output: txid and output index (<c>vout</c>).</summary>
public readonly record struct OutPoint(Hash256 Txid, uint Index)
{
    /// <summary>Index of the input of a coinbase.</summary>
    public const uint NullIndex = uint.MaxValue;

    /// <summary>The input of a coinbase spends nothing: zero hash and index 0xffffffff.</summary>
    public bool IsNull => Index == NullIndex && Txid.IsZero;

    public override string ToString() => $"{Txid}:{Index}";
}
