// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using RocksDbSharp;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.RocksDbBinding;

public sealed class ModelTests
{
    private enum Act
    {
        Put,
        Delete,
        DeleteRange,
        Flush,
        Compact,
        Reopen,
        Ingest,
    }

    [Fact]
    public void Any_sequence_of_changes_leaves_what_a_sorted_dictionary_holds()
    {
        Gen<byte[]> key = Gen.Choose(0, 3).SelectMany(length => Gen.Elements<byte>(0, 1, 0x7f, 0xff).ArrayOf(length));
        Gen<Act> act = Gen.Frequency(
            (30, Gen.Constant(Act.Put)),
            (12, Gen.Constant(Act.Delete)),
            (5, Gen.Constant(Act.DeleteRange)),
            (2, Gen.Constant(Act.Ingest)),
            (3, Gen.Constant(Act.Flush)),
            (1, Gen.Constant(Act.Compact)),
            (1, Gen.Constant(Act.Reopen)));
        Gen<Step> step = from a in act from k in key from end in key from value in Gen.Choose(0, 1000) select new Step(a, k, end, value);
        Arbitrary<Step[]> steps = step.ArrayOf().ToArbitrary();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(60),
            Prop.ForAll(steps, static taken => Holds(taken)));
    }

    private static bool Holds(Step[] steps)
    {
        using TemporaryDatabase store = new();
        SortedDictionary<byte[], byte[]> model = new(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (Step step in steps) Apply(store, model, step);

        using Iterator rows = store.Db.NewIterator(store.A);
        List<KeyValuePair<byte[], byte[]>> scanned = [];
        for (rows.SeekToFirst(); rows.Valid(); rows.Next()) scanned.Add(new(rows.Key(), rows.Value()));
        scanned.Select(row => Convert.ToHexString(row.Key) + "=" + Convert.ToHexString(row.Value))
            .ShouldBe(model.Select(row => Convert.ToHexString(row.Key) + "=" + Convert.ToHexString(row.Value)));
        foreach (Step step in steps)
        {
            store.Db.Get(step.Key, store.A).ShouldBe(model.GetValueOrDefault(step.Key));
            byte[]? after = model.Keys.FirstOrDefault(k => k.AsSpan().SequenceCompareTo(step.End) >= 0);
            byte[]? before = model.Keys.LastOrDefault(k => k.AsSpan().SequenceCompareTo(step.End) <= 0);
            (rows.Seek(step.End).Valid() ? rows.Key() : null).ShouldBe(after);
            (rows.SeekForPrev(step.End).Valid() ? rows.Key() : null).ShouldBe(before);
        }

        return true;
    }

    private static void Apply(TemporaryDatabase store, SortedDictionary<byte[], byte[]> model, Step step)
    {
        byte[] value = Bytes.Of(step.Value);
        switch (step.Act)
        {
            case Act.Put:
                store.Db.Put(step.Key, value, store.A);
                model[step.Key] = value;
                break;
            case Act.Delete:
                store.Db.Remove(step.Key, store.A);
                model.Remove(step.Key);
                break;
            case Act.DeleteRange:
                bool ordered = step.Key.AsSpan().SequenceCompareTo(step.End) <= 0;
                (byte[] start, byte[] end) = ordered ? (step.Key, step.End) : (step.End, step.Key);
                using (WriteBatch batch = new()) store.Db.Write(batch.DeleteRange(start, end, store.A));
                foreach (byte[] key in model.Keys.Where(k => Within(k, start, end)).ToList()) model.Remove(key);
                break;
            case Act.Ingest:
                string file = store.Beside("rows.sst");
                using (SstFileWriter writer = new())
                {
                    writer.Open(file);
                    writer.Put(step.Key, value);
                    writer.Finish();
                }

                store.Db.IngestExternalFiles([file], new IngestExternalFileOptions().SetMoveFiles(true), store.A);
                model[step.Key] = value;
                break;
            case Act.Flush:
                store.Db.Flush(new FlushOptions(), store.A);
                break;
            case Act.Compact:
                store.Db.CompactRange(null, null, store.A);
                break;
            default:
                store.Reopen();
                break;
        }
    }

    private static bool Within(byte[] key, byte[] start, byte[] end) =>
        key.AsSpan().SequenceCompareTo(start) >= 0 && key.AsSpan().SequenceCompareTo(end) < 0;

    private sealed record Step(Act Act, byte[] Key, byte[] End, int Value);
}
