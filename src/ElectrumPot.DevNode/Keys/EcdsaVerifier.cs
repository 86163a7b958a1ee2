// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Security.Cryptography;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>Checks signatures with the system's OpenSSL, which shares no line with the code that makes them here.</summary>
public static class EcdsaVerifier
{
    private const string Secp256k1Oid = "1.3.132.0.10";
    private const int MaxCachedKeys = 256;

    /// <summary>OpenSSL checks a key for as long as a signature when it is imported, and the same keys come again and again.</summary>
    [ThreadStatic]
    private static Dictionary<string, ECDsa>? _keys;

    /// <param name="publicKey">33 or 65 bytes.</param>
    /// <param name="signature">DER, without the hash type byte.</param>
    /// <returns>False for a wrong signature and for bytes that are no key or no signature.</returns>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> signature, Hash256 message)
    {
        try
        {
            return Import(publicKey) is { } key && key.VerifyHash(message.Bytes, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // The point is not on the curve or the signature is no DER: to a node both are simply invalid.
            return false;
        }
    }

    private static ECDsa? Import(ReadOnlySpan<byte> publicKey)
    {
        _keys ??= new Dictionary<string, ECDsa>(StringComparer.Ordinal);
        string name = Convert.ToHexString(publicKey);
        if (_keys.TryGetValue(name, out ECDsa? key)) return key;
        if (!TryReadKey(publicKey, out ECPoint point)) return null;
        key = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(Secp256k1Oid), Q = point });
        if (_keys.Count == MaxCachedKeys)
        {
            foreach (ECDsa old in _keys.Values)
                old.Dispose();
            _keys.Clear();
        }

        return _keys[name] = key;
    }

    private static bool TryReadKey(ReadOnlySpan<byte> key, out ECPoint point)
    {
        point = default;
        if (key is [4, ..] && key.Length == 65)
        {
            point = new ECPoint { X = key[1..33].ToArray(), Y = key[33..].ToArray() };
            return true;
        }

        if (key.Length != 33 || key[0] is not (2 or 3)) return false;
        BigInteger x = Secp256k1.FromBytes(key[1..]);
        if (x >= Secp256k1.P || Secp256k1.SolveY(x, odd: key[0] == 3) is not { } y) return false;
        point = new ECPoint { X = Secp256k1.ToBytes(x), Y = Secp256k1.ToBytes(y) };
        return true;
    }
}
