// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>Further draws from the sequence that is the same everywhere.</summary>
internal static class RandomDraws
{
    /// <summary>From 0 up to but excluding 1.</summary>
    public static double Unit(this DeterministicRandom random) => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public static void Fill(this DeterministicRandom random, Span<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, random.NextUInt64());
        ulong rest = random.NextUInt64();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(rest >> (8 * i));
    }
}
