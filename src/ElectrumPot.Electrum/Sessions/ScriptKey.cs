// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// What a wallet asks about: a scripthash, which is one script, or an address, which is all scripts of its key.
/// </summary>
internal readonly struct ScriptKey : IEquatable<ScriptKey>
{
    private readonly Hash256 _scriptHash;
    private readonly byte[]? _addressScript;

    private ScriptKey(Hash256 scriptHash, byte[]? addressScript)
    {
        _scriptHash = scriptHash;
        _addressScript = addressScript;
    }

    public bool IsAddress => _addressScript is not null;

    public HashX Primary => HashX.OfScriptHash(_scriptHash);

    public static ScriptKey OfScriptHash(Hash256 scriptHash) => new(scriptHash, null);

    /// <param name="canonicalScript">The script that the address encodes.</param>
    public static ScriptKey OfAddress(byte[] canonicalScript) => new(ScriptHash.Of(canonicalScript), canonicalScript);

    public ScriptSet Resolve(IChainSnapshot snapshot) =>
        _addressScript is null ? snapshot.Resolve(_scriptHash) : snapshot.ResolveAddress(_addressScript);

    public bool Equals(ScriptKey other) => _scriptHash == other._scriptHash && IsAddress == other.IsAddress;

    public override bool Equals(object? obj) => obj is ScriptKey other && Equals(other);

    public override int GetHashCode() => _scriptHash.GetHashCode();

    public override string ToString() => $"{(IsAddress ? "address with script hash" : "script hash")} {_scriptHash}";
}
