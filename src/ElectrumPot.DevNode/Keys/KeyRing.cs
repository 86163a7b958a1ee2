// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ElectrumPot.Simulation;

/// <summary>The keys of one seed, made when first asked for; the same index is always the same key.</summary>
public sealed class KeyRing
{
    /// <summary>Every fifth key is uncompressed, as old wallets have them.</summary>
    private const int UncompressedEvery = 5;

    private readonly Dictionary<int, DevKey> _keys = [];
    private readonly Lock _gate = new();
    private readonly ulong _seed;

    internal KeyRing(ulong seed) => _seed = seed;

    public DevKey this[int index]
    {
        get
        {
            lock (_gate)
            {
                if (!_keys.TryGetValue(index, out DevKey? key))
                    _keys[index] = key = Make(index);
                return key;
            }
        }
    }

    private DevKey Make(int index)
    {
        byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes($"simulation seed {_seed} key {index}"));
        BigInteger secret = (Secp256k1.FromBytes(digest) % (Secp256k1.N - 1)) + 1;
        return new DevKey(secret, compressed: index % UncompressedEvery != UncompressedEvery - 1);
    }
}
