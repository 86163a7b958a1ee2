// SPDX-License-Identifier: MIT

using System.Text;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Finds ASCII names by their bytes on the wire, without making a string of them.</summary>
internal sealed class Utf8NameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    private const uint Seed = 2166136261;
    private const uint Prime = 16777619;

    public static Utf8NameComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

    public int GetHashCode(string name)
    {
        uint hash = Seed;
        foreach (char c in name)
            hash = (hash ^ (byte)c) * Prime;
        return (int)hash;
    }

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        uint hash = Seed;
        foreach (byte c in alternate)
            hash = (hash ^ c) * Prime;
        return (int)hash;
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
