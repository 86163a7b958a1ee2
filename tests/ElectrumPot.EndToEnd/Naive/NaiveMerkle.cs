// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>Merkle trees the slow way: every level is built, nothing is kept.</summary>
internal static class NaiveMerkle
{
    /// <summary>The siblings of a leaf from the bottom up, and the root; hashes in display order.</summary>
    public static (IReadOnlyList<string> Branch, string Root) Prove(IReadOnlyList<string> leaves, int position)
    {
        List<byte[]> level = [.. leaves.Select(FromDisplay)];
        var branch = new List<string>();
        while (level.Count > 1)
        {
            if (level.Count % 2 == 1) level.Add(level[^1]);
            branch.Add(ToDisplay(level[position ^ 1]));
            level = [.. level.Chunk(2).Select(pair => Parent(pair[0], pair[1]))];
            position /= 2;
        }

        return (branch, ToDisplay(level[0]));
    }

    /// <summary>What a wallet computes from a branch: the root it leads to.</summary>
    public static string RootFrom(string leaf, IEnumerable<string> branch, int position)
    {
        byte[] hash = FromDisplay(leaf);
        foreach (string sibling in branch)
        {
            hash = (position & 1) == 1 ? Parent(FromDisplay(sibling), hash) : Parent(hash, FromDisplay(sibling));
            position >>= 1;
        }

        return ToDisplay(hash);
    }

    private static byte[] Parent(byte[] left, byte[] right) => SHA256.HashData(SHA256.HashData([.. left, .. right]));

    private static byte[] FromDisplay(string hash)
    {
        byte[] bytes = Convert.FromHexString(hash);
        Array.Reverse(bytes);
        return bytes;
    }

    private static string ToDisplay(byte[] hash)
    {
        byte[] bytes = [.. hash];
        Array.Reverse(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
