// SPDX-License-Identifier: MIT

using ElectrumPot.Index;
using ElectrumPot.Index.Verification;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Verification;

/// <summary>Whatever a server does, the database it leaves is found to be sound.</summary>
public sealed class SoundDatabaseTests
{
    public static TheoryData<int, int> Runs()
    {
        var runs = new TheoryData<int, int>();
        foreach (int limit in new[] { 0, 1, 4 })
        {
            for (int seed = 1; seed <= 3; seed++)
                runs.Add(limit, (limit * 100) + seed);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Random_chains_and_reorganisations(int pruningLimit, int seed)
    {
        using var database = new SampleDatabase(seed, pruningLimit);
        database.Import(25, complete: false);
        ShouldBeSound(database);
        if (seed % 2 == 0)
        {
            // Before the import is complete.
            database.Reorganise(2);
            ShouldBeSound(database);
        }

        database.Use(writer => writer.CompleteImport(CancellationToken.None));
        ShouldBeSound(database);
        for (int step = 0; step < 12; step++)
        {
            switch (database.Random.Next(4))
            {
                case 0:
                    database.Reorganise(1 + database.Random.Next(SampleDatabase.ReorgLimit));
                    break;
                case 1:
                    database.CatchUp(1 + database.Random.Next(3 * SampleDatabase.ReorgLimit));
                    break;
                case 2 when database.Options.PruningLimit != 1:
                    int limit = database.Options.PruningLimit;
                    database.Options = database.Options with { PruningLimit = limit == 0 ? 4 : limit - 1 };
                    database.Use(writer => writer.PruneAll(CancellationToken.None));
                    break;
                default:
                    database.Follow(1 + database.Random.Next(5));
                    break;
            }

            ShouldBeSound(database);
        }
    }

    [Fact]
    public void An_empty_database_and_one_that_was_emptied()
    {
        using var database = new SampleDatabase(seed: 5);
        database.Use(_ => { });
        VerificationReport report = database.Verify();
        report.IsSound.ShouldBeTrue();
        report.Height.ShouldBe(-1);

        database.Import(20);
        database.Use(writer => writer.Reset(3, []));
        database.Verify().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_read_in_several_passes_with_the_same_outcome()
    {
        using var database = new SampleDatabase(seed: 6, pruningLimit: 0);
        database.Import(40);
        // The least that is ever taken is 1,024 hashes: more outputs than those need two passes or more.
        for (int i = 0; database.Blocks.Sum(block => block.Transactions.Sum(transaction => transaction.Outputs.Count)) < 3500; i++)
            database.CatchUp(40);
        var steps = new List<string>();
        VerificationReport report = IndexDatabase.Verify(
            database.Path, database.Options.Coin, progress => steps.Add(progress.Step), memory: 1, TestContext.Current.CancellationToken);
        report.Findings.ShouldBeEmpty();
        steps.ShouldContain("uses of outputs");

        database.Damage(rows =>
        {
            // Their hashes are in this share or that.
            foreach ((byte[] key, byte[] value) in rows.All("scripts").Where(row => row.Key[16] == 1).DistinctBy(row => Convert.ToHexString(row.Key[..26])).Take(12))
                rows.Put("scripts", [.. key[..26], 99], value);
        });
        IndexDatabase.Verify(database.Path, database.Options.Coin, memory: 1, cancellation: TestContext.Current.CancellationToken).FindingCount.ShouldBe(12);
    }

    [Fact]
    public void The_hash_of_rows_is_that_of_its_specification()
    {
        // SipHash-2-4 with 128 bits: test vectors of its authors for the key 00 01 02 .. 0f and inputs of 0 and 1 byte.
        var hash = new RowHash(0x0706050403020100, 0x0f0e0d0c0b0a0908);
        HexOf(hash.Of([])).ShouldBe("a3817f04ba25a8e66df67214c7550293");
        HexOf(hash.Of([0])).ShouldBe("da87c1d86b99af44347659119b22fc45");

        static string HexOf(UInt128 value)
        {
            Span<byte> bytes = stackalloc byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
            return Convert.ToHexStringLower(bytes);
        }
    }

    [Fact]
    public void A_database_that_a_kill_has_left_half_made_is_an_empty_one()
    {
        string path = Directory.CreateTempSubdirectory("electrum-pot-half-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(path, "LOCK"), "");
            IndexDatabase.Verify(path, IndexFixture.Potcoin, cancellation: TestContext.Current.CancellationToken).IsSound.ShouldBeTrue();
            // It is made to the end, as the next start would.
            IndexDatabase.ReadFacts(path).Height.ShouldBe(-1);
            File.Delete(Path.Combine(path, "CURRENT"));
            File.WriteAllText(Path.Combine(path, "000099.sst"), "");
            Should.Throw<IndexCorruptException>(() => IndexDatabase.ReadFacts(path)).Message.ShouldContain("CURRENT");
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public void A_commit_that_a_kill_has_interrupted_is_completed_first()
    {
        using var database = new SampleDatabase(seed: 7);
        database.Import(30, complete: false);
        using SampleDatabase behind = database.Copy();
        database.Damage(rows =>
        {
            // As if the last step of the commit had not been made: the tip is still staged.
            (byte[] key, byte[] value) = rows.First("default", (name, _) => name.AsSpan().SequenceEqual("tip"u8));
            rows.Delete("default", key);
            rows.Put("default", "staged_tip"u8.ToArray(), value);
        });
        IndexDatabase.ReadFacts(database.Path).IsInterrupted.ShouldBeTrue();
        VerificationReport report = database.Verify();
        report.Findings.ShouldBeEmpty();
        report.Height.ShouldBe(29);
        IndexDatabase.ReadFacts(database.Path).IsInterrupted.ShouldBeFalse();
        behind.Verify().Hash.ShouldBe(report.Hash);
    }

    [Fact]
    public void One_of_another_coin_is_not_called_damaged()
    {
        using var database = new SampleDatabase(seed: 10);
        database.Import(5);
        Should.Throw<IndexMismatchException>(() => IndexDatabase.Verify(database.Path, IndexFixture.Potcoin, cancellation: TestContext.Current.CancellationToken))
            .Message.ShouldContain(IndexFixture.Potcoin.GenesisHash.ToString());
    }

    [Fact]
    public void Nothing_in_the_folder_changes()
    {
        using var database = new SampleDatabase(seed: 8);
        database.Import(20);
        database.Follow(3);
        Dictionary<string, (long, DateTime)> before = Files(database.Path);
        database.Verify().IsSound.ShouldBeTrue();
        IndexDatabase.ReadFacts(database.Path);
        Files(database.Path).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public void Facts_tell_what_the_database_is()
    {
        using var database = new SampleDatabase(seed: 9, pruningLimit: 7);
        database.Import(20);
        database.Follow(3);
        DatabaseFacts facts = IndexDatabase.ReadFacts(database.Path);
        facts.Coin.ShouldBe("potcoin");
        facts.Genesis.ShouldBe(database.Blocks[0].Hash);
        (facts.Height, facts.Hash).ShouldBe((22, database.Blocks[^1].Hash));
        facts.Transactions.ShouldBe(database.Blocks.Sum(block => block.Transactions.Count));
        (facts.PruningLimit, facts.IsImported, facts.IsInterrupted).ShouldBe((7, true, false));
        facts.UndoableBlocks.ShouldBe(SampleDatabase.ReorgLimit);
        facts.Tables.Single(table => table.Name == "headers").Rows.ShouldBe(23);
        facts.DiskBytes.ShouldBe(new DirectoryInfo(database.Path).EnumerateFiles().Sum(file => file.Length));
    }

    [Fact]
    public void Where_there_is_no_database_none_is_made()
    {
        string path = Path.Combine(Path.GetTempPath(), $"electrum-pot-none-{Guid.NewGuid():N}");
        Should.Throw<IndexMissingException>(() => IndexDatabase.ReadFacts(path)).Message.ShouldContain(path);
        Should.Throw<IndexMissingException>(() => IndexDatabase.Verify(path, IndexFixture.Potcoin));
        Should.Throw<IndexMissingException>(() => IndexDatabase.Rewind(new IndexOptions { Coin = IndexFixture.Potcoin, Path = path }, 1));
        Directory.Exists(path).ShouldBeFalse();
    }

    private static void ShouldBeSound(SampleDatabase database)
    {
        VerificationReport report = database.Verify();
        report.Findings.ShouldBeEmpty();
        report.Height.ShouldBe(database.Blocks.Count - 1);
        report.Hash.ShouldBe(database.Blocks[^1].Hash);
        report.Tables.Single(table => table.Name == "headers").Rows.ShouldBe(database.Blocks.Count);
    }

    private static Dictionary<string, (long, DateTime)> Files(string path) =>
        new DirectoryInfo(path).EnumerateFiles().ToDictionary(file => file.Name, file => (file.Length, file.LastWriteTimeUtc));
}
