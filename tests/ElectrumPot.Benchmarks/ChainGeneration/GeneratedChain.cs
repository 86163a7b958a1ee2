// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>Where a block stands in the files.</summary>
internal readonly record struct BlockPlace(int File, uint Offset, int Length, Hash256 Hash);

/// <summary>A chain in a folder, as a daemon's data folder: <c>blocks/blk00000.dat</c>, and beside them what tells where each block is.</summary>
internal sealed class GeneratedChain
{
    private const int PlaceSize = 12 + Hash256.Size;
    private const string Catalogue = "catalogue.bin";
    private const string Summary = "summary.json";

    private GeneratedChain(string folder, ChainShape shape, ChainStatistics statistics, BlockPlace[] places)
    {
        Folder = folder;
        Shape = shape;
        Statistics = statistics;
        Places = places;
    }

    /// <summary>To be named as the daemon's data folder.</summary>
    public string Folder { get; }

    public ChainShape Shape { get; }

    public ChainStatistics Statistics { get; }

    /// <summary>By height.</summary>
    public IReadOnlyList<BlockPlace> Places { get; }

    public string PathOf(int file) => Path.Combine(Folder, "blocks", BlockFileWriter.NameOf(file));

    /// <summary>Takes the chain from the cache, or makes it and puts it there.</summary>
    /// <param name="fullBlocks">Blocks of 600 transactions that follow those of the shape.</param>
    public static GeneratedChain OpenOrMake(string cache, ChainShape shape, int height, ulong seed, TextWriter log, int fullBlocks = 0)
    {
        string tail = fullBlocks == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-full-{fullBlocks}");
        string folder = Path.Combine(cache, string.Create(CultureInfo.InvariantCulture, $"{shape.Name}-{height}-{seed}{tail}"));
        if (!File.Exists(Path.Combine(folder, Summary))) Make(folder, shape, height, seed, log, fullBlocks);
        return Open(folder);
    }

    public static GeneratedChain Open(string folder)
    {
        ChainShape shape = ChainShape.All.Single(shape => Path.GetFileName(folder.TrimEnd('/')).StartsWith(shape.Name + "-", StringComparison.Ordinal));
        ChainStatistics statistics = JsonSerializer.Deserialize<ChainStatistics>(File.ReadAllText(Path.Combine(folder, Summary)))!;
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(Path.Combine(folder, Catalogue));
        var places = new BlockPlace[bytes.Length / PlaceSize];
        for (int i = 0; i < places.Length; i++)
        {
            ReadOnlySpan<byte> place = bytes.Slice(i * PlaceSize, PlaceSize);
            places[i] = new BlockPlace(
                BinaryPrimitives.ReadInt32LittleEndian(place),
                BinaryPrimitives.ReadUInt32LittleEndian(place[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(place[8..]),
                new Hash256(place[12..]));
        }

        return new GeneratedChain(folder, shape, statistics, places);
    }

    private static void Make(string folder, ChainShape shape, int height, ulong seed, TextWriter log, int fullBlocks)
    {
        var clock = Stopwatch.StartNew();
        string blocks = Path.Combine(folder, "blocks");
        // What an interrupted attempt left is of no use.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(blocks);
        using var files = new BlockFileWriter(blocks, Magic(shape), new DeterministicRandom(~seed));
        ChainStatistics statistics = new ChainGenerator(shape, seed).Generate(height, files, fullBlocks);
        byte[] catalogue = new byte[files.Places.Count * PlaceSize];
        for (int i = 0; i < files.Places.Count; i++)
        {
            Span<byte> place = catalogue.AsSpan(i * PlaceSize, PlaceSize);
            BinaryPrimitives.WriteInt32LittleEndian(place, files.Places[i].File);
            BinaryPrimitives.WriteUInt32LittleEndian(place[4..], files.Places[i].Offset);
            BinaryPrimitives.WriteInt32LittleEndian(place[8..], files.Places[i].Length);
            files.Places[i].Hash.CopyTo(place[12..]);
        }

        File.WriteAllBytes(Path.Combine(folder, Catalogue), catalogue);
        // Last: with it the chain is complete.
        File.WriteAllText(Path.Combine(folder, Summary), JsonSerializer.Serialize(statistics));
        log.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"made a {shape.Name} chain of {height + fullBlocks:N0} blocks in {clock.Elapsed.TotalSeconds:0.0} s: {statistics.Transactions:N0} transactions, {statistics.Inputs:N0} inputs, {statistics.Outputs:N0} outputs, {statistics.Bytes >> 20:N0} MB, {statistics.Scripts:N0} scripts; histories: {100.0 * statistics.UpToFiveEntries / statistics.Scripts:0} % up to 5 entries, {statistics.OverHundredEntries:N0} over 100, {statistics.OverTenThousandEntries:N0} over 10,000, the longest {statistics.LongestHistory:N0}"));
    }

    private static byte[] Magic(ChainShape shape)
    {
        byte[] magic = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(magic, shape.Coin.MessageStart);
        return magic;
    }
}
