// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Index;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

public sealed class CodecAndHashTests
{
    [Fact]
    public void Every_number_survives_its_varint() =>
        Prop.ForAll<ulong>(value =>
        {
            Span<byte> bytes = stackalloc byte[RowCodec.MaxVarintSize];
            int written = RowCodec.WriteVarint(bytes, value);
            return RowCodec.ReadVarint(bytes[..written], out int read) == value && read == written;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_varint_without_end_is_corruption() =>
        Should.Throw<IndexCorruptException>(() => RowCodec.ReadVarint([0x80, 0x80], out _));

    [Fact]
    public void Keys_sort_as_locations_do() =>
        Prop.ForAll<(int Height, int Position), (int Height, int Position)>((first, second) =>
        {
            var left = new TxLocation(Math.Abs(first.Height % 100_000), Math.Abs(first.Position % 70_000));
            var right = new TxLocation(Math.Abs(second.Height % 100_000), Math.Abs(second.Position % 70_000));
            byte[] leftKey = new byte[RowCodec.LocationSize];
            byte[] rightKey = new byte[RowCodec.LocationSize];
            RowCodec.WriteLocation(leftKey, left);
            RowCodec.WriteLocation(rightKey, right);
            return Math.Sign(leftKey.AsSpan().SequenceCompareTo(rightKey)) == Math.Sign(left.CompareTo(right))
                && RowCodec.ReadLocation(leftKey) == left;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_index_beyond_24_bits_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RowCodec.WriteIndex(new byte[3], 1 << 24));

    [Fact]
    public void The_status_is_that_of_the_protocol()
    {
        HistoryEntry[] confirmed =
        [
            new(Hash256.Parse("a6c9c361bd0bc536d6a22648efbf8f9b200e425ef6c3a7a9669dc444c532a347"), 2472),
            new(Hash256.Parse("9c42f84b2fcdaff676ba25d9d4941741cc0d1a01cce0c23fdc4c0b2afa38431c"), 2473),
            new(Hash256.Parse("770f2d4371b3fabb902dd9a103e2dd005fcd3971181078fca4a2a1d6ff127b30"), 2473),
        ];
        HistoryEntry[] pending =
        [
            new(Hash256.Parse("80b19848aed792565ab7c5a79b7c2a00fbf985741579396ebe0ab6098e607311"), 0, 1),
            new(Hash256.Parse("e02a1dadfa83b996b24175df807b271ea5d02937ef5b35c195fac1e1bdc3198f"), 0, 1),
            new(Hash256.Parse("bb4c8ab438c13b89ca80d1d5bee25b0b6b7f55673f4d801998ba97db161d9e85"), -1, 1),
        ];
        Text(StatusHash.Compute(confirmed)).ShouldBe("b47d83823d084177c57162ac0f46194307d012de715ec07229c64be60bd2f556");
        Text(StatusHash.Compute([.. confirmed, .. pending])).ShouldBe("78e96c6562cafa71c115503b9411fdfdc595a45031e2ab76ff75162fe1b0590d");
        StatusHash.Compute([]).ShouldBeNull();
    }

    [Fact]
    public void The_fee_histogram_is_that_of_the_protocol()
    {
        (long, int)[] transactions = [(50_000, 1000), (20_000, 1000), (20_500, 1000), (9_000, 3000), (3_000, 3000), (1_000, 1000), (900, 1000)];
        FeeHistogram.Make(transactions, firstBucket: 2500)
            .ShouldBe([new FeeBucket(20.0, 3000), new FeeBucket(3.0, 3000), new FeeBucket(1.0, 4000)]);
    }

    [Fact]
    public void Rates_of_a_fee_histogram_decrease_strictly() =>
        Prop.ForAll<(uint Fee, ushort Size)[]>(pool =>
        {
            IReadOnlyList<FeeBucket> buckets = FeeHistogram.Make(pool.Select(item => ((long)item.Fee, item.Size + 1)), firstBucket: 500);
            return buckets.Zip(buckets.Skip(1)).All(pair => pair.First.Rate > pair.Second.Rate)
                && buckets.Sum(bucket => bucket.VirtualSize) <= pool.Sum(item => item.Size + 1L);
        }).QuickCheckThrowOnFailure();

    private static string? Text(Hash256? status)
    {
        if (status is not { } digest) return null;
        byte[] hex = new byte[Hash256.HexLength];
        Hex.Encode(digest.Bytes, hex);
        return System.Text.Encoding.ASCII.GetString(hex);
    }
}
