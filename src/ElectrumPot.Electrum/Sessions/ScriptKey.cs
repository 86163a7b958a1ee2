// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>How a wallet names a script: the method family it uses.</summary>
internal enum ScriptNaming
{
    /// <summary>Protocol 1.1 to 1.6: exactly one script, by its hash.</summary>
    ScriptHash,

    /// <summary>Up to 1.2: all scripts of a key together.</summary>
    Address,

    /// <summary>From 1.7: exactly one script, by itself.</summary>
    ScriptPubKey,
}

/// <summary>
/// What a wallet asks about. One script under two names is two keys: whoever subscribes to both hears both.
/// </summary>
internal readonly struct ScriptKey : IEquatable<ScriptKey>
{
    private readonly Hash256 _scriptHash;
    private readonly byte[]? _addressScript;

    private ScriptKey(ScriptNaming naming, Hash256 scriptHash, byte[]? addressScript = null)
    {
        Naming = naming;
        _scriptHash = scriptHash;
        _addressScript = addressScript;
    }

    public ScriptNaming Naming { get; }

    public HashX Primary => HashX.OfScriptHash(_scriptHash);

    public static ScriptKey OfScriptHash(Hash256 scriptHash) => new(ScriptNaming.ScriptHash, scriptHash);

    public static ScriptKey OfScriptPubKey(ReadOnlySpan<byte> script) => new(ScriptNaming.ScriptPubKey, ScriptHash.Of(script));

    /// <param name="canonicalScript">The script that the address encodes.</param>
    public static ScriptKey OfAddress(byte[] canonicalScript) => new(ScriptNaming.Address, ScriptHash.Of(canonicalScript), canonicalScript);

    public ScriptSet Resolve(IChainSnapshot snapshot) =>
        _addressScript is null ? snapshot.Resolve(_scriptHash) : snapshot.ResolveAddress(_addressScript);

    /// <summary>Whether a wallet wrote the key as most do, so that the text need not be kept: a hash in lower case.</summary>
    public bool IsUsualText(ReadOnlySpan<byte> text)
    {
        if (Naming != ScriptNaming.ScriptHash || text.Length != Hash256.HexLength) return false;
        Span<byte> usual = stackalloc byte[Hash256.HexLength];
        _scriptHash.FormatHex(usual);
        return text.SequenceEqual(usual);
    }

    public void WriteUsualText(ReplyWriter writer) => writer.Hash(_scriptHash);

    public bool Equals(ScriptKey other) => _scriptHash == other._scriptHash && Naming == other.Naming;

    public override bool Equals(object? obj) => obj is ScriptKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_scriptHash, Naming);

    public override string ToString() => $"{Naming} {_scriptHash}";
}
