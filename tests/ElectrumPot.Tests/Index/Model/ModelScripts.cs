// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Tests.Index.Model;

/// <summary>A few scripts of every kind, so that every one of them is used again and again.</summary>
internal static class ModelScripts
{
    private static readonly byte[][] Keys = [.. Enumerable.Range(1, 3).Select(Key)];

    /// <summary>Canonical script of an address, and every script that counts for it.</summary>
    public static IReadOnlyList<(byte[] Canonical, byte[][] All)> Addresses { get; } =
    [
        .. Keys.Select(key => (PayToKeyHash(key), new[] { PayToKeyHash(key), PayToKey(key), [.. PayToKeyHash(key), 0x61] })),
        (PayToScriptHash(1), [PayToScriptHash(1)]),
    ];

    /// <summary>Every script that is indexed.</summary>
    public static IReadOnlyList<byte[]> Indexed { get; } =
    [
        .. Addresses.SelectMany(address => address.All),
        [0x51, 0x21, .. Keys[0], 0x21, .. Keys[1], 0x52, 0xae],
        [0x51],
        [0x75, 0x51],
        [],
    ];

    public static IReadOnlyList<byte[]> Unspendable { get; } = [[0x6a, 2, 1, 2], [0x00, 0x6a]];

    public static bool IsIndexed(ModelOutput output) =>
        !NaiveChain.Contains(Unspendable, output.Script) && output is not { Script.Length: 0, Value: 0 };

    private static byte[] Key(int number)
    {
        byte[] key = new byte[33];
        Array.Fill(key, (byte)number);
        key[0] = 2;
        return key;
    }

    private static byte[] PayToKey(byte[] key) => [(byte)key.Length, .. key, 0xac];

    private static byte[] PayToKeyHash(byte[] key)
    {
        byte[] script = new byte[OutputScript.PayToPublicKeyHashSize];
        Span<byte> hash = stackalloc byte[Hash160.Size];
        Hash160.Compute(key, hash);
        OutputScript.WritePayToPublicKeyHash(hash, script);
        return script;
    }

    private static byte[] PayToScriptHash(byte number)
    {
        byte[] script = new byte[OutputScript.PayToScriptHashSize];
        byte[] hash = new byte[Hash160.Size];
        Array.Fill(hash, number);
        OutputScript.WritePayToScriptHash(hash, script);
        return script;
    }
}
