// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Index;
using ElectrumPot.Index.Verification;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index.Verification;

/// <summary>For each thing that holds in a sound database: broken on purpose, and nothing else, it is found and named.</summary>
public sealed class DamageTests(DamageTests.Sample sample) : IClassFixture<DamageTests.Sample>
{
    /// <summary>Name, what is done, the table that is named, and words of the finding.</summary>
    private static readonly Dictionary<string, (Action<RawRows> Damage, string Table, string Words)> Cases = new(StringComparer.Ordinal)
    {
        ["a header is gone"] = (rows => rows.Delete("headers", Height(20)), "headers", "block 20 is missing"),
        ["headers are gone"] = (rows => Repeat(20, 25, height => rows.Delete("headers", Height(height))), "headers", "blocks 20 to 25 are missing"),
        ["the last header is gone"] = (rows => rows.Delete("headers", rows.Last("headers").Key), "headers", "the last header is that of block"),
        ["a header changed"] = (rows => Flip(rows, "headers", Height(20), 77), "headers", "block 21 does not follow block 20"),
        ["the first header changed"] = (rows => Flip(rows, "headers", Height(0), 77), "headers", "the database says it begins with"),
        ["the last header changed"] = (rows => Flip(rows, "headers", rows.Last("headers").Key, 77), "default", "the last header is"),
        ["a header above the tip"] = (rows => rows.Put("headers", Height(5000), Value(rows, "headers", Height(5))), "headers", "block 5000 is there, above the tip"),
        ["a header cut short"] = (rows => rows.Put("headers", Height(20), Value(rows, "headers", Height(20))[..83]), "headers", "a value of 83 bytes"),
        ["a count of transactions"] = (rows => Flip(rows, "headers", Height(20), 80), "txids", "block 20 has"),
        ["the hash of the tip"] = (rows => Flip(rows, "default", "tip"u8.ToArray(), 10), "default", "the tip is"),
        ["the height of the tip"] = (rows => AddTo(rows, "default", "tip"u8.ToArray(), 3), "headers", "the tip is block"),
        ["the transactions up to the tip"] = (rows => Flip(rows, "default", "tip"u8.ToArray(), 36), "default", "the tip row counts"),
        ["the genesis block"] = (rows => Flip(rows, "default", "genesis"u8.ToArray(), 3), "headers", "the database says it begins with"),
        ["the pruning limit"] = (rows => rows.Put("default", "pruning_limit"u8.ToArray(), [255, 255, 255, 255]), "default", "the pruning limit is -1"),

        ["a txid changed"] = (rows => Flip(rows, "txids", Chunk(20), 5), "txids", "the txids of block 20 do not hash to its merkle root"),
        ["txids of a block are gone"] = (rows => rows.Delete("txids", Chunk(20)), "txids", "block 20 has"),
        ["txids above the tip"] = (rows => rows.Put("txids", Chunk(5000), new byte[32]), "txids", "there are txids of a block 5000"),
        ["a chunk of txids too many"] = (rows => rows.Put("txids", Chunk(20, 1), new byte[32]), "txids", "block 20 has"),
        ["txids without header"] = (rows => rows.Delete("headers", Height(20)), "txids", "there are txids of a block 20"),

        ["a location is gone"] = (rows => rows.Delete("locations", rows.All("locations")[7].Key), "locations", "has no row"),
        ["a location too many"] = (rows => rows.Put("locations", [.. new byte[8], .. Height(3), 0, 0, 0], []), "locations", "which is"),
        ["a location that does not exist"] = (rows => rows.Put("locations", [.. new byte[8], .. Height(5000), 0, 0, 0], []), "locations", "which does not exist"),
        ["a location leads elsewhere"] = (rows => rows.Rename("locations", rows.All("locations")[7].Key, [.. rows.All("locations")[7].Key[..8], .. Height(3), 0, 0, 0], []), "locations", "has no row"),
        ["a location with a value"] = (rows => rows.Put("locations", rows.All("locations")[7].Key, [1]), "locations", "a value of 1 bytes"),

        ["an output is gone"] = (rows => rows.Delete("outputs", rows.All("outputs")[2].Key), "scripts", "which is spent or never was"),
        ["an output too many"] = (rows => rows.Put("outputs", Renumbered(rows.All("outputs")[2].Key, 9, 200), rows.All("outputs")[2].Value), "outputs", "does not have it"),
        ["the value of an output"] = (rows => Put(rows, "outputs", 2, value => [.. value[..16], 1]), "outputs", "by script"),
        ["the script of an output"] = (rows => Put(rows, "outputs", 2, value => [1, .. value[1..]]), "outputs", "does not have it"),
        ["an output of no transaction"] = (rows => rows.Put("outputs", [.. Height(20), 0, 200, 0, 0, 0, 0], rows.All("outputs")[2].Value), "outputs", "there is no such transaction"),
        ["an output above the tip"] = (rows => rows.Put("outputs", [.. Height(5000), 0, 0, 0, 0, 0, 0], rows.All("outputs")[2].Value), "outputs", "there is no such transaction"),
        ["an output cut short"] = (rows => Put(rows, "outputs", 2, value => value[..16]), "outputs", "is malformed"),
        ["an output with a tail"] = (rows => Put(rows, "outputs", 2, value => [.. value, 0]), "outputs", "is malformed"),

        ["an unspent output of a script is gone"] = (rows => rows.Delete("scripts", Unspent(rows).Key), "outputs", "does not have it"),
        ["an unspent output of a script too many"] = (rows => rows.Put("scripts", Renumbered(Unspent(rows).Key, 26, 200), [1]), "scripts", "which is spent or never was"),
        ["the value of an unspent output of a script"] = (rows => rows.Put("scripts", Unspent(rows).Key, [.. Unspent(rows).Value[..^1], (byte)(Unspent(rows).Value[^1] ^ 1)]), "outputs", "by script"),
        ["an unspent output under another script"] = (rows => rows.Rename("scripts", Unspent(rows).Key, [0, .. Unspent(rows).Key[1..]], Unspent(rows).Value), "scripts", "which belongs to script"),
        ["a row of a script with an unknown tag"] = (rows => rows.Put("scripts", Renumbered(Unspent(rows).Key, 16, 7), [1]), "scripts", "is malformed"),
        ["a row of a script cut short"] = (rows => rows.Put("scripts", Unspent(rows).Key[..^1], [1]), "scripts", "is malformed"),

        ["a spend by no transaction"] = (rows => AddSpend(rows, spending: [.. Height(20), 0, 200, 0], funding: Value(rows, "scripts", OldSpend(rows).Key)), "scripts", "which does not exist"),
        ["a spend above the tip"] = (rows => AddSpend(rows, spending: [.. Height(5000), 0, 0, 1], funding: OldSpend(rows).Value), "scripts", "which does not exist"),
        ["a spend of no transaction"] = (rows => rows.Put("scripts", OldSpend(rows).Key, [.. Height(1), 0, 200, 0, 0]), "scripts", "which does not exist"),
        ["a spend of something later"] = (rows => rows.Put("scripts", OldSpend(rows).Key, [.. Height(66), 0, 0, 0, 0]), "scripts", "which comes later"),
        ["a spend of itself"] = (rows => rows.Put("scripts", OldSpend(rows).Key, [.. OldSpend(rows).Key[17..24], 0]), "scripts", "which comes later"),
        ["a spend cut short"] = (rows => rows.Put("scripts", OldSpend(rows).Key, OldSpend(rows).Value[..7]), "scripts", "is malformed"),
        ["a second spend of an output"] = (rows => rows.Put("scripts", Renumbered(OldSpend(rows).Key, 26, 99), OldSpend(rows).Value), "scripts", "and also spent by"),
        ["a second spend from another script"] = (rows => rows.Put("scripts", [0, .. OldSpend(rows).Key[1..]], OldSpend(rows).Value), "scripts", "and also spent by"),
        ["a spend of what is unspent"] = (rows => rows.Put("scripts", OldSpend(rows).Key, [.. EarlyOutput(rows)[..7], EarlyOutput(rows)[9]]), "scripts", "is unspent, and also spent by"),
        ["a spent output is unspent again"] = (
            rows =>
            {
                (byte[] key, byte[] value) = OldSpend(rows);
                rows.Put("outputs", [.. value[..7], 0, 0, value[7]], [.. key[..16], 5]);
                rows.Put("scripts", [.. key[..16], 2, .. value[..7], 0, 0, value[7]], [5]);
            },
            "scripts",
            "is unspent, and also spent by"),

        ["undo data are gone"] = (rows => rows.Delete("undo", rows.All("undo")[3].Key), "undo", "are missing"),
        ["the last undo data are gone"] = (rows => rows.Delete("undo", rows.Last("undo").Key), "undo", "the undo data end at block"),
        ["undo data above the tip"] = (rows => rows.Put("undo", Height(5000), []), "undo", "above the tip"),
        ["undo data cut short"] = (rows => rows.Put("undo", FilledUndo(rows).Key, FilledUndo(rows).Value[..^1]), "undo", "A number in the database does not end"),
        ["undo data that forget a spend"] = (rows => rows.Put("undo", FilledUndo(rows).Key, []), "scripts", "the undo data of its block do not know of it"),
        ["undo data under the wrong height"] = (rows => rows.Put("undo", rows.Last("undo").Key, FilledUndo(rows).Value), "undo", "there is no such pair"),
        ["a spend that can be undone is gone"] = (rows => rows.Delete("scripts", NewSpend(rows).Key), "undo", "does not show it"),
        ["a spend that can be undone is another one"] = (rows => rows.Put("scripts", NewSpend(rows).Key, [.. Height(1), 0, 0, 0, 77]), "undo", "does not show it"),

        ["undo data that took away what is unspent"] = (
            rows =>
            {
                (byte[] key, byte[] value) = FilledUndo(rows);
                rows.Put("undo", key, [.. value, .. new byte[16], .. EarlyOutput(rows)[..7], EarlyOutput(rows)[9], 5, 0, 0xff, 0xff, 0xff, 7]);
            },
            "undo",
            "has taken it away"),
        ["an alias of itself"] = (rows => rows.Put("aliases", [.. new byte[32]], []), "aliases", "is an alias of itself"),
        ["an alias cut short"] = (rows => rows.Put("aliases", new byte[31], []), "aliases", "a key of 31"),
        ["a position above the tip"] = (rows => rows.Put("blocks", Height(5000), Value(rows, "blocks", Height(5))), "blocks", "above the tip"),
        ["a position cut short"] = (rows => rows.Put("blocks", Height(5), [1]), "blocks", "is malformed"),
        ["a stored transaction changed"] = (rows => Flip(rows, "transactions", [.. Height(20), 0, 0, 0], 5), "transactions", "are not those of"),
        ["a stored transaction with a tail"] = (rows => Put(rows, "transactions", 30, value => [.. value, 0]), "transactions", "are not those of"),
        ["the script of an output in both tables"] = (
            rows =>
            {
                (byte[] key, byte[] value) = Unspent(rows);
                byte[] script = [(byte)(key[0] ^ 1), .. key[1..16]];
                rows.Rename("scripts", key, [.. script, .. key[16..]], value);
                rows.Put("outputs", key[17..], [.. script, .. value]);
            },
            "outputs",
            "by its transaction"),
        ["the value of an output in both tables"] = (
            rows =>
            {
                (byte[] key, _) = Unspent(rows);
                rows.Put("scripts", key, [99]);
                rows.Put("outputs", key[17..], [.. key[..16], 99]);
            },
            "outputs",
            "pays 99 to script"),
        ["an output in both tables that its transaction does not have"] = (
            rows =>
            {
                (byte[] key, byte[] value) = Unspent(rows);
                byte[] output = Renumbered(key[17..], 9, 200);
                rows.Put("scripts", [.. key[..17], .. output], value);
                rows.Put("outputs", output, [.. key[..16], .. value]);
            },
            "outputs",
            "its transaction has no such output"),
        ["a stored transaction is gone"] = (rows => rows.Delete("transactions", [.. Height(20), 0, 0, 0]), "transactions", "transaction 0 of block 20 is not stored"),
        ["the last stored transaction is gone"] = (rows => rows.Delete("transactions", rows.Last("transactions").Key), "transactions", "is not stored"),
        ["transactions in a database without them"] = (rows => rows.Delete("default", "store_transactions"u8.ToArray()), "transactions", "in a database without transactions"),
        ["a stored transaction above the tip"] = (rows => rows.Put("transactions", [.. Height(5000), 0, 0, 0], [1]), "transactions", "there is no such transaction"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_found_and_named(string what)
    {
        (Action<RawRows> damage, string table, string words) = Cases[what];
        using SampleDatabase database = sample.Database.Copy();
        database.Damage(damage);
        VerificationReport report = database.Verify();
        report.IsSound.ShouldBeFalse();
        report.Findings.ShouldContain(finding => finding.Table == table && finding.Text.Contains(words), string.Join('\n', report.Findings));
    }

    [Fact]
    public void What_is_broken_many_times_is_named_a_few_times_and_counted()
    {
        using SampleDatabase database = sample.Database.Copy();
        database.Damage(rows =>
        {
            foreach ((byte[] key, byte[] value) in rows.All("outputs"))
                rows.Put("outputs", key, value[..10]);
        });
        VerificationReport report = database.Verify();
        report.Findings.Count(finding => finding.Table == "outputs").ShouldBe(5);
        report.FindingCount.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_flipped_bit_in_a_file_is_found_by_its_checksum()
    {
        using SampleDatabase database = sample.Database.Copy();
        foreach (string file in Directory.EnumerateFiles(database.Path, "*.sst"))
        {
            byte[] bytes = File.ReadAllBytes(file);
            byte[] damaged = [.. bytes];
            damaged[20] ^= 1;
            File.WriteAllBytes(file, damaged);
            // Where the database says what it is, nothing can be verified at all.
            if (Record.Exception(() => IndexDatabase.ReadFacts(database.Path)) is IndexCorruptException)
                File.WriteAllBytes(file, bytes);
        }

        VerificationReport report = database.Verify();
        report.Findings.Select(finding => finding.Table).Distinct().Count().ShouldBeGreaterThan(5);
        report.Findings.ShouldContain(finding => finding.Table == "headers" && finding.Text.Contains("checksum"));
    }

    [Fact]
    public void Spends_of_an_import_that_has_not_ended_are_examined_as_well()
    {
        using var database = new SampleDatabase(seed: 12);
        database.Import(40, complete: false);
        database.Verify().Findings.ShouldBeEmpty();
        database.Damage(rows =>
        {
            (byte[] key, byte[] value) = rows.All("spends")[3];
            rows.Put("spends", Renumbered(key, 26, 99), value);
        });
        database.Verify().Findings.ShouldContain(finding => finding.Table == "spends" && finding.Text.Contains("and also spent by"));
    }

    [Fact]
    public void A_tip_row_that_cannot_be_read_is_said_at_once()
    {
        using SampleDatabase database = sample.Database.Copy();
        database.Damage(rows => rows.Put("default", "tip"u8.ToArray(), [1]));
        Should.Throw<IndexCorruptException>(() => database.Verify()).Message.ShouldContain("tip row");
    }

    private static byte[] Height(int height)
    {
        byte[] key = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(key, height);
        return key;
    }

    private static byte[] Chunk(int height, byte number = 0) => [.. Height(height), 0, number];

    private static byte[] Value(RawRows rows, string table, byte[] key) => rows.First(table, (other, _) => other.AsSpan().SequenceEqual(key)).Value;

    private static void Flip(RawRows rows, string table, byte[] key, int at) => rows.Flip(table, key, Value(rows, table, key), at);

    private static void AddTo(RawRows rows, string table, byte[] key, int at)
    {
        byte[] value = Value(rows, table, key);
        value[at]++;
        rows.Put(table, key, value);
    }

    private static void Put(RawRows rows, string table, int row, Func<byte[], byte[]> change)
    {
        (byte[] key, byte[] value) = rows.All(table)[row];
        rows.Put(table, key, change(value));
    }

    private static byte[] Renumbered(byte[] key, int at, byte value)
    {
        byte[] changed = [.. key];
        changed[at] = changed[at] == value ? (byte)(value + 1) : value;
        return changed;
    }

    private static void Repeat(int first, int last, Action<int> action)
    {
        for (int i = first; i <= last; i++) action(i);
    }

    private static (byte[] Key, byte[] Value) Unspent(RawRows rows) => rows.First("scripts", (key, _) => key[16] == 2);

    /// <summary>Of a block that cannot be undone any more, and of an output with a small index.</summary>
    private static (byte[] Key, byte[] Value) OldSpend(RawRows rows)
    {
        int firstUndo = BinaryPrimitives.ReadInt32BigEndian(rows.All("undo")[0].Key);
        return rows.First("scripts", (key, value) => key[16] == 1 && value.Length == 8 && BinaryPrimitives.ReadInt32BigEndian(key.AsSpan(17)) < firstUndo);
    }

    /// <summary>Of a block that can be undone, the last of its script: no limit hides it.</summary>
    private static (byte[] Key, byte[] Value) NewSpend(RawRows rows)
    {
        int firstUndo = BinaryPrimitives.ReadInt32BigEndian(rows.All("undo")[0].Key);
        return rows.All("scripts").Where(row => row.Key[16] == 1 && BinaryPrimitives.ReadInt32BigEndian(row.Key.AsSpan(17)) >= firstUndo)
            .GroupBy(row => Convert.ToHexString(row.Key[..16])).First().Last();
    }

    private static byte[] EarlyOutput(RawRows rows) => rows.All("outputs")[0].Key;

    private static (byte[] Key, byte[] Value) FilledUndo(RawRows rows) => rows.All("undo").First(row => row.Value.Length > 0);

    private static void AddSpend(RawRows rows, byte[] spending, byte[] funding)
    {
        byte[] script = OldSpend(rows).Key[..16];
        rows.Put("scripts", [.. script, 1, .. spending, 0, 0, 0], funding);
    }

    /// <summary>Made once, copied for each test.</summary>
    public sealed class Sample : IDisposable
    {
        public Sample()
        {
            Database.Import(60);
            Database.Follow(8);
            Database.Reorganise(5);
            Database.Follow(2);
        }

        internal SampleDatabase Database { get; } = new(seed: 11);

        public void Dispose() => Database.Dispose();
    }
}
