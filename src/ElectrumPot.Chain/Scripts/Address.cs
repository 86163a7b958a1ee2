// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Hashing;

namespace ElectrumPot.Chain.Scripts;

/// <summary>Addresses of a coin and the scripts behind them.</summary>
public static class Address
{
    /// <summary>The one canonical script of an address; P2PK outputs of the same key are found through it.</summary>
    /// <returns>False when the text is no P2PKH or P2SH address of this coin.</returns>
    public static bool TryGetScript(ReadOnlySpan<char> address, Coin coin, out byte[] script)
    {
        Span<byte> payload = stackalloc byte[1 + Hash160.Size];
        script = [];
        if (!Base58Check.TryDecode(address, payload)) return false;
        if (payload[0] == coin.AddressVersion)
        {
            script = new byte[OutputScript.PayToPublicKeyHashSize];
            OutputScript.WritePayToPublicKeyHash(payload[1..], script);
            return true;
        }

        if (!coin.ScriptVersions.Contains(payload[0])) return false;
        script = new byte[OutputScript.PayToScriptHashSize];
        OutputScript.WritePayToScriptHash(payload[1..], script);
        return true;
    }

    /// <summary>The address an output script pays to; null for scripts without one. P2PK has the address of its key.</summary>
    public static string? OfScript(ReadOnlySpan<byte> script, Coin coin)
    {
        Span<byte> payload = stackalloc byte[1 + Hash160.Size];
        switch (OutputScript.Classify(script, payload[1..]))
        {
            case ScriptKind.PayToPublicKey or ScriptKind.PayToPublicKeyHash:
                payload[0] = coin.AddressVersion;
                return Base58Check.Encode(payload);
            case ScriptKind.PayToScriptHash:
                payload[0] = coin.ScriptVersions[0];
                return Base58Check.Encode(payload);
            default:
                return null;
        }
    }
}
