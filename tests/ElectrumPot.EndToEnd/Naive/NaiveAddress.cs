// SPDX-License-Identifier: MIT

using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>Which scripts an address stands for: its key's hash, and its key itself in either form (semantics, Address versus script).</summary>
internal static partial class NaiveAddress
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The addresses of these scripts, each with all script hashes that belong to it.</summary>
    public static IReadOnlyDictionary<string, string[]> Group(IEnumerable<byte[]> scripts, byte addressVersion, byte scriptVersion)
    {
        var addresses = new Dictionary<string, HashSet<string>>();
        foreach (byte[] script in scripts)
        {
            string? address = AddressOf(script, addressVersion, scriptVersion);
            if (address is null) continue;
            if (!addresses.TryGetValue(address, out HashSet<string>? hashes)) addresses[address] = hashes = [];
            hashes.Add(NaiveScript.HashOf(script));
        }

        return addresses.ToDictionary(address => address.Key, address => address.Value.ToArray());
    }

    /// <summary>Pushes may use any push opcode, and a key hash may be followed by one NOP.</summary>
    private static string? AddressOf(byte[] script, byte addressVersion, byte scriptVersion) => script switch
    {
        [0x76, 0xa9, .. var rest] when Push(rest) is ({ Length: 20 } hash, [0x88, 0xac] or [0x88, 0xac, 0x61]) => Encode(addressVersion, hash),
        [0xa9, .. var rest] when Push(rest) is ({ Length: 20 } hash, [0x87]) => Encode(scriptVersion, hash),
        _ when Push(script) is ({ Length: 33 or 65 } key, [0xac]) => Encode(addressVersion, Hash160(key)),
        _ => null,
    };

    /// <summary>The data of a push at the beginning of a script, and what follows it.</summary>
    private static (byte[] Data, byte[] Following) Push(byte[] script)
    {
        (int header, long length) = script switch
        {
            [< 0x4c and var direct, ..] => (1, direct),
            [0x4c, var one, ..] => (2, one),
            [0x4d, var low, var high, ..] => (3, low | (high << 8)),
            [0x4e, _, _, _, _, ..] => (5, BitConverter.ToUInt32(script, 1)),
            _ => (0, long.MaxValue),
        };
        return length > script.Length - header ? ([], []) : (script[header..(header + (int)length)], script[(header + (int)length)..]);
    }

    private static string Encode(byte version, byte[] hash)
    {
        byte[] payload = [version, .. hash];
        byte[] bytes = [.. payload, .. SHA256.HashData(SHA256.HashData(payload))[..4]];
        var digits = new StringBuilder();
        for (var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true); number > 0; number /= 58)
            digits.Insert(0, Alphabet[(int)(number % 58)]);
        foreach (byte _ in bytes.TakeWhile(value => value == 0)) digits.Insert(0, Alphabet[0]);
        return digits.ToString();
    }

    private static byte[] Hash160(byte[] key)
    {
        byte[] digest = SHA256.HashData(key);
        byte[] hash = new byte[20];
        Ripemd160(digest, (nuint)digest.Length, hash);
        return hash;
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "RIPEMD160")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Ripemd160(byte[] data, nuint length, byte[] digest);
}
