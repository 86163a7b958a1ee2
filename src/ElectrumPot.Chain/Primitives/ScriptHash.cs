// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;

namespace ElectrumPot.Chain.Primitives;

/// <summary>
/// Single SHA-256 of an output script; the wallet writes it reversed, like a txid (protocol, section "Script hash").
/// </summary>
public static class ScriptHash
{
    public static Hash256 Of(ReadOnlySpan<byte> script)
    {
        Span<byte> digest = stackalloc byte[Hash256.Size];
        Sha256.Hash(script, digest);
        return new Hash256(digest);
    }
}
