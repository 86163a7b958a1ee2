// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>However the files came to be as they are, what comes out is the daemon's chain.</summary>
public sealed class BlockFilePropertyTests
{
    private static readonly Gen<byte[]?> Keys = Gen.OneOf(
        Gen.Constant((byte[]?)null),
        Gen.Constant((byte[]?)new byte[8]),
        ArbMap.Default.GeneratorFor<byte>().ArrayOf(8).Select(key => (byte[]?)key));

    private static readonly Gen<int> ChunkBytes = Gen.Choose(64, 3_000);

    [Fact]
    public void Any_order_any_stale_blocks_and_any_key_give_the_chain_without_a_question()
    {
        Gen<Layout> layouts =
            from blocks in Gen.Choose(1, 150)
            from seed in Gen.Choose(0, int.MaxValue)
            from stalePercent in Gen.Choose(0, 80)
            from perFile in Gen.Choose(1, 200)
            from window in Gen.Choose(1, 400)
            from key in Keys
            from chunk in ChunkBytes
            select new Layout(blocks, seed, stalePercent, perFile, window, key, chunk);
        Check(layouts, 60, async layout =>
        {
            var random = new Random(layout.Seed);
            await using var import = new FileImport(new FakeChain(layout.Blocks, height => 1 + (height * 37 % 300)), layout.Key);
            List<byte[]> records = [.. import.Blocks(0, layout.Blocks - 1).Chunk(layout.Window).SelectMany(group => group.OrderBy(_ => random.Next()))];
            for (int height = 0; height < layout.Blocks; height++)
            {
                if (random.Next(100) < layout.StalePercent)
                    records.Insert(random.Next(records.Count + 1), import.StaleAt(height, (uint)random.Next(1, int.MaxValue), random.Next(1, 200)));
            }

            int file = 0;
            foreach (byte[][] group in records.Chunk(layout.PerFile))
            {
                import.Files.Append(file, group);
                if (random.Next(2) == 0) import.Files.AppendZeros(file, random.Next(2_000));
                file += random.Next(1, 3);
            }

            await import.ShouldReadAsync(options: new BlockFileOptions { ChunkBytes = layout.ChunkBytes });
            import.Daemon.Count("getblock").ShouldBe(0);
        });
    }

    [Fact]
    public void Any_truncation_of_the_last_file_costs_only_what_is_behind_it()
    {
        Gen<(int Keep, byte[]? Key, int Chunk, bool HasZeros)> cuts =
            from keep in Gen.Choose(0, 40 * 188)
            from key in Keys
            from chunk in ChunkBytes
            from zeros in Gen.Elements(true, false)
            select (keep, key, chunk, zeros);
        Check(cuts, 80, async cut =>
        {
            await using var import = new FileImport(new FakeChain(60), cut.Key);
            import.Files.Append(0, import.Blocks(0, 19));
            import.Files.Append(1, import.Blocks(20, 59));
            import.Files.Truncate(1, cut.Keep);
            if (cut.HasZeros) import.Files.AppendZeros(1, 500);

            List<SourceBlock> blocks = await FileImport.ReadAsync(import.Source(new BlockFileOptions { ChunkBytes = cut.Chunk }), 0, 59);

            blocks.Select(block => block.Hash).ShouldBe(Enumerable.Range(0, 60).Select(import.Chain.Hash));
            // A block whose header is there and whose end is not shows itself when it is digested; none but it may be wrong.
            int whole = 20 + (cut.Keep / 188);
            foreach (SourceBlock block in blocks.Where(block => block.Height != whole || !cut.HasZeros))
                block.Raw.ToArray().ShouldBe(import.Chain.Block(block.Height));
            blocks.Count(block => block.Position is not null).ShouldBeInRange(whole, whole + (cut.HasZeros ? 1 : 0));
        });
    }

    [Fact]
    public void Anything_between_the_blocks_and_any_damage_to_headers_give_the_chain_all_the_same()
    {
        Gen<(int Seed, byte[]? Key, int Chunk)> crashes =
            from seed in Gen.Choose(0, int.MaxValue)
            from key in Keys
            from chunk in ChunkBytes
            select (seed, key, chunk);
        Check(crashes, 80, async crash =>
        {
            var random = new Random(crash.Seed);
            await using var import = new FileImport(new FakeChain(80, height => 1 + (height * 53 % 400)), crash.Key);
            var damaged = new List<int>();
            for (int height = 0; height < 80; height++)
            {
                byte[] record = BlockFolder.Record(import.Chain.Block(height));
                switch (random.Next(10))
                {
                    case 0:
                        import.Files.AppendBytes(height / 30, record[..random.Next(record.Length)]);
                        break;
                    case 1:
                        byte[] garbage = new byte[random.Next(600)];
                        random.NextBytes(garbage);
                        import.Files.AppendBytes(height / 30, garbage);
                        break;
                    case 2:
                        import.Files.AppendZeros(height / 30, random.Next(600));
                        break;
                    case 3:
                        damaged.Add(height);
                        record[random.Next(8, 88)] ^= (byte)random.Next(1, 256);
                        break;
                    case 4:
                        import.Files.Append(height / 30, import.Chain.Block(random.Next(80)));
                        break;
                }

                import.Files.AppendBytes(height / 30, record);
            }

            await import.ShouldReadAsync(options: new BlockFileOptions { ChunkBytes = crash.Chunk });
            // A damaged block may stand in the files a second time, whole.
            import.AskedOverRpc.ShouldBeSubsetOf(damaged);
        });
    }

    [Fact]
    public void Any_files_at_all_give_the_chain_or_leave_it_to_the_daemon()
    {
        Gen<(byte[][] Files, int Chunk)> nonsense =
            from files in Gen.OneOf(
                ArbMap.Default.GeneratorFor<byte[]>(),
                Gen.Elements(BlockFolder.Magic, [.. BlockFolder.Magic, 90, 0, 0, 0], [0], new byte[100]).ListOf().Select(parts => parts.SelectMany(part => part).ToArray())).ArrayOf()
            from chunk in ChunkBytes
            select (files, chunk);
        Check(nonsense, 60, async given =>
        {
            await using var import = new FileImport(new FakeChain(5));
            for (int i = 0; i < given.Files.Length; i++)
                import.Files.AppendBytes(i, given.Files[i]);

            await import.ShouldReadAsync(options: new BlockFileOptions { ChunkBytes = given.Chunk });
        });
    }

    private static void Check<T>(Gen<T> cases, int count, Func<T, Task> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(count),
        Prop.ForAll(cases.ToArbitrary(), given => Task.Run(() => holds(given)).GetAwaiter().GetResult()));

    private sealed record Layout(int Blocks, int Seed, int StalePercent, int PerFile, int Window, byte[]? Key, int ChunkBytes);
}
