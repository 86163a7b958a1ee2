// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// The eight bytes of <c>xor.dat</c>, with which daemons since Bitcoin Core 28 mask their block files, so that virus scanners
/// find nothing in them: byte <c>i</c> of a file is masked with byte <c>i mod 8</c> of the key.
/// </summary>
internal readonly struct ObfuscationKey(ulong key)
{
    public const int Size = sizeof(ulong);

    /// <summary>No key: older daemons, and those told not to use one.</summary>
    public static ObfuscationKey None => default;

    /// <param name="bytes">Eight, in the order of the file.</param>
    public static ObfuscationKey From(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes));

    /// <summary>Masks or unmasks, which is the same.</summary>
    /// <param name="offset">Of the first byte, in its file.</param>
    public void Apply(Span<byte> data, long offset)
    {
        if (key == 0) return;
        ulong turned = BitOperations.RotateRight(key, (int)(offset % Size) * 8);
        Span<Vector<ulong>> vectors = MemoryMarshal.Cast<byte, Vector<ulong>>(data);
        var mask = new Vector<ulong>(turned);
        for (int i = 0; i < vectors.Length; i++)
            vectors[i] ^= mask;

        // A vector is a multiple of eight bytes, so the rest begins with the first byte of the mask.
        Span<byte> rest = data[(vectors.Length * Vector<byte>.Count)..];
        for (int i = 0; i < rest.Length; i++)
            rest[i] ^= (byte)(turned >> (i % Size * 8));
    }
}
