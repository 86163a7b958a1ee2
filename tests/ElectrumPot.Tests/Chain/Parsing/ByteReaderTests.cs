// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Parsing;

public sealed class ByteReaderTests
{
    // The last count of each width and the first of the next.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0xfc)]
    [InlineData(0xfd)]
    [InlineData(0xffff)]
    [InlineData(0x10000)]
    public void A_count_is_read_up_to_what_the_buffer_holds_and_no_further(int count)
    {
        byte[] prefix = new RawTransaction().Count(count).ToArray();
        byte[] exact = [.. prefix, .. new byte[count]];
        var reader = new ByteReader(exact);
        reader.ReadCount(1).ShouldBe(count);
        reader.Position.ShouldBe(prefix.Length);
        reader.Remaining.ShouldBe(count);
        if (count == 0) return;
        Should.Throw<MalformedBlockException>(() => new ByteReader(exact.AsSpan(0, exact.Length - 1)).ReadCount(1))
            .Message.ShouldContain($"a count of {count} at byte {prefix.Length}");
        Should.Throw<MalformedBlockException>(() => new ByteReader(exact).ReadCount(2));
    }

    [Theory]
    [InlineData("fd0500")]
    [InlineData("fe05000000")]
    [InlineData("ff0500000000000000")]
    public void Longer_forms_of_a_small_count_are_read(string hex)
    {
        byte[] bytes = [.. Convert.FromHexString(hex), .. new byte[5]];
        new ByteReader(bytes).ReadCount(1).ShouldBe(5);
        new ByteReader(bytes).ReadVarBytes().Length.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fd")]
    [InlineData("fd01")]
    [InlineData("fe010000")]
    [InlineData("ff01000000000000")]
    public void A_count_that_is_cut_is_malformed(string hex) =>
        Should.Throw<MalformedBlockException>(() => new ByteReader(Convert.FromHexString(hex)).ReadCount(1))
            .Message.ShouldContain("expected");

    [Fact]
    public void A_failed_read_leaves_the_position_where_it_was()
    {
        var reader = new ByteReader([1, 2, 3]);
        reader.ReadByte().ShouldBe((byte)1);
        int failed = 0;
        try
        {
            reader.ReadUInt32();
        }
        catch (MalformedBlockException)
        {
            failed++;
        }

        failed.ShouldBe(1);
        reader.Position.ShouldBe(1);
        reader.PeekByte(1).ShouldBe((byte)3);
        reader.ReadBytes(2).ToArray().ShouldBe([2, 3]);
        reader.Remaining.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_out_of_all_bounds_is_malformed(int length)
    {
        Should.Throw<MalformedBlockException>(() => new ByteReader(new byte[8]).Skip(length));
        Should.Throw<MalformedBlockException>(() => new ByteReader(new byte[8]).ReadBytes(length).Length);
    }

    [Fact]
    public void Numbers_are_little_endian()
    {
        var reader = new ByteReader(Convert.FromHexString("fffffffffeffffff0807060504030201"));
        reader.ReadInt32().ShouldBe(-1);
        reader.ReadUInt32().ShouldBe(0xfffffffeu);
        reader.ReadInt64().ShouldBe(0x0102030405060708);
    }
}
