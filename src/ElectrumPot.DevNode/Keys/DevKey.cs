// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Security.Cryptography;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Simulation;

/// <summary>A private key of the simulation and what follows from it. Signs deterministically (RFC 6979).</summary>
public sealed class DevKey
{
    private const int PrivateKeySize = 32;

    private readonly BigInteger _secret;

    internal DevKey(BigInteger secret, bool compressed)
    {
        _secret = secret;
        Secp256k1.AffinePoint point = Secp256k1.MultiplyGenerator(secret);
        byte[] x = Secp256k1.ToBytes(point.X);
        PublicKey = compressed
            ? [(byte)(point.Y.IsEven ? 2 : 3), .. x]
            : [4, .. x, .. Secp256k1.ToBytes(point.Y)];
        Hash160 = new byte[ElectrumPot.Chain.Hashing.Hash160.Size];
        ElectrumPot.Chain.Hashing.Hash160.Compute(PublicKey, Hash160);
    }

    /// <summary>33 bytes compressed or 65 uncompressed.</summary>
    public byte[] PublicKey { get; }

    public byte[] Hash160 { get; }

    public bool IsCompressed => PublicKey.Length == 33;

    /// <summary>The P2PKH address (<c>P...</c>).</summary>
    public string Address(Coin coin) => Base58Check.Encode([coin.AddressVersion, .. Hash160]);

    /// <summary>The private key as potcoind 0.8 imports it: version byte 183.</summary>
    public string WalletImportFormat()
    {
        const byte Version = 183;
        return Base58Check.Encode([Version, .. Secp256k1.ToBytes(_secret), .. IsCompressed ? (byte[])[1] : []]);
    }

    /// <summary>DER encoded, with low S.</summary>
    public byte[] Sign(Hash256 message)
    {
        BigInteger z = Secp256k1.FromBytes(message.Bytes) % Secp256k1.N;
        var nonces = new Rfc6979(Secp256k1.ToBytes(_secret), Secp256k1.ToBytes(z));
        while (true)
        {
            BigInteger k = nonces.Next();
            BigInteger r = Secp256k1.MultiplyGenerator(k).X % Secp256k1.N;
            BigInteger s = Secp256k1.InvertScalar(k) * (z + (r * _secret)) % Secp256k1.N;
            if (r.IsZero || s.IsZero) continue;
            if (s > Secp256k1.N / 2)
                s = Secp256k1.N - s;
            return [0x30, .. Sequence(DerInteger(r), DerInteger(s))];
        }
    }

    private static byte[] Sequence(byte[] r, byte[] s) => [(byte)(r.Length + s.Length), .. r, .. s];

    private static byte[] DerInteger(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isBigEndian: true);
        return [0x02, (byte)bytes.Length, .. bytes];
    }

    /// <summary>The nonce generator of RFC 6979, section 3.2, with HMAC-SHA-256.</summary>
    private sealed class Rfc6979
    {
        private byte[] _key = new byte[PrivateKeySize];
        private byte[] _value = new byte[PrivateKeySize];

        public Rfc6979(byte[] secret, byte[] message)
        {
            Array.Fill(_value, (byte)1);
            Update([0, .. secret, .. message]);
            Update([1, .. secret, .. message]);
        }

        public BigInteger Next()
        {
            while (true)
            {
                _value = HMACSHA256.HashData(_key, _value);
                BigInteger k = Secp256k1.FromBytes(_value);
                Update([0]);
                if (k > 0 && k < Secp256k1.N)
                    return k;
            }
        }

        private void Update(byte[] data)
        {
            _key = HMACSHA256.HashData(_key, (byte[])[.. _value, .. data]);
            _value = HMACSHA256.HashData(_key, _value);
        }
    }
}
