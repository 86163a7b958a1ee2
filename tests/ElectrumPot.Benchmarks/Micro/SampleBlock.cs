// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Benchmarks.ChainGeneration;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>A block of 600 transactions, as generated chains have them.</summary>
internal static class SampleBlock
{
    private const int Blocks = 400;

    private static readonly Lazy<byte[]> Made = new(Make);

    public static byte[] Raw => Made.Value;

    public static ChainShape Shape => ChainShape.Busy;

    private static byte[] Make()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("electrum-pot-micro-");
        try
        {
            GeneratedChain chain = GeneratedChain.OpenOrMake(folder.FullName, Shape, Blocks, seed: 1, TextWriter.Null, fullBlocks: 1);
            using var store = new BlockStore(chain);
            BlockPlace last = chain.Places[^1];
            byte[] raw = new byte[last.Length];
            store.Read(last, raw);
            return raw;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
