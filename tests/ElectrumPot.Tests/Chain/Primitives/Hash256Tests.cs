// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Primitives;

public sealed class Hash256Tests
{
    private const string Genesis = "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec";

    /// <summary>Few values per byte, so that common beginnings, where an order can go wrong, are frequent.</summary>
    private static readonly Gen<Hash256> Hashes =
        from bytes in Gen.OneOf(Gen.Elements<byte>(0, 1, 0x7f, 0x80, 0xff), Gen.Choose(0, 255).Select(value => (byte)value))
            .ArrayOf(Hash256.Size)
        from sameTail in Gen.Choose(0, Hash256.Size)
        select new Hash256([.. bytes.AsSpan(0, Hash256.Size - sameTail), .. new byte[sameTail]]);

    [Fact]
    public void Text_is_the_reverse_of_the_bytes()
    {
        var hash = Hash256.Parse(Genesis);
        hash.ToArray().ShouldBe(Convert.FromHexString(Genesis).Reverse());
        hash.ToString().ShouldBe(Genesis);
    }

    [Fact]
    public void Text_in_either_case_and_either_encoding_comes_back()
    {
        Prop.ForAll(Hashes.ToArbitrary(), static hash =>
        {
            string text = hash.ToString();
            string upper = text.ToUpperInvariant();
            return text == Convert.ToHexStringLower([.. hash.ToArray().Reverse()])
                && Hash256.Parse(text) == hash
                && Hash256.Parse(upper) == hash
                && Hash256.TryParse(Encoding.ASCII.GetBytes(text), out Hash256 lowerUtf8) && lowerUtf8 == hash
                && Hash256.TryParse(Encoding.ASCII.GetBytes(upper), out Hash256 upperUtf8) && upperUtf8 == hash;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335e")]
    [InlineData("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec0")]
    [InlineData("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec00")]
    [InlineData("0xde36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335")]
    [InlineData(" e36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec")]
    [InlineData("ge36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec")]
    [InlineData("de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335e\u0661")]
    public void Other_text_is_no_hash(string text)
    {
        Hash256.TryParse(text.AsSpan(), out Hash256 hash).ShouldBeFalse();
        hash.ShouldBe(Hash256.Zero);
        Hash256.TryParse(Encoding.UTF8.GetBytes(text), out hash).ShouldBeFalse();
        hash.ShouldBe(Hash256.Zero);
        Should.Throw<FormatException>(() => Hash256.Parse(text)).Message.ShouldContain($"'{text}'");
    }

    [Fact]
    public void A_character_that_is_no_digit_is_found_at_every_place()
    {
        for (int i = 0; i < Hash256.HexLength; i++)
        {
            string wrong = string.Concat(Genesis.AsSpan(0, i), "g", Genesis.AsSpan(i + 1));
            Hash256.TryParse(wrong.AsSpan(), out _).ShouldBeFalse(wrong);
            Hash256.TryParse(Encoding.ASCII.GetBytes(wrong), out _).ShouldBeFalse(wrong);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Only_32_bytes_make_a_hash(int length) =>
        Should.Throw<ArgumentException>(() => new Hash256(new byte[length])).Message.ShouldContain($"not {length}");

    [Fact]
    public void Order_is_the_ordinal_order_of_the_text()
    {
        Prop.ForAll(Hashes.Two().ToArbitrary(), static pair =>
        {
            (Hash256 left, Hash256 right) = (pair.Item1, pair.Item2);
            int order = Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString()));
            return Math.Sign(left.CompareTo(right)) == order
                && left < right == order < 0 && left <= right == order <= 0 && left > right == order > 0 && left >= right == order >= 0
                && left == right == (order == 0) && left != right == (order != 0)
                && left.Equals((object)right) == (order == 0)
                && (order != 0 || left.GetHashCode() == right.GetHashCode());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void A_single_byte_anywhere_decides_order_and_equality()
    {
        var zero = Hash256.Zero;
        zero.IsZero.ShouldBeTrue();
        for (int i = 0; i < Hash256.Size; i++)
        {
            var bytes = new byte[Hash256.Size];
            bytes[i] = 1;
            var hash = new Hash256(bytes);
            hash.IsZero.ShouldBeFalse();
            hash.ShouldNotBe(zero);
            hash.CompareTo(zero).ShouldBePositive();
            zero.CompareTo(hash).ShouldBeNegative();
        }
    }

    // Keys that share all words but one are what somebody would send who knew how the dictionary works.
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Hash_codes_differ_whichever_word_the_sender_varies(int offset)
    {
        const int Count = 50_000;
        var codes = new HashSet<int>();
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        for (int i = 0; i < Count; i++)
        {
            // Equal halves: an exclusive-or of the two halves of a word is the same for all of them.
            BinaryPrimitives.WriteInt32LittleEndian(bytes[offset..], i);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(offset + 4)..], i);
            codes.Add(new Hash256(bytes).GetHashCode());
        }

        codes.Count.ShouldBeGreaterThan(Count - 50);
    }

    [Fact]
    public void Formatting_into_too_little_room_is_refused() =>
        Should.Throw<ArgumentException>(() => Hash256.Zero.FormatHex(new byte[63]));

    [Fact]
    public void Structures_are_as_large_as_their_contents()
    {
        Unsafe.SizeOf<Hash256>().ShouldBe(32);
        Unsafe.SizeOf<OutPoint>().ShouldBe(36);
        Unsafe.SizeOf<BlockHeader>().ShouldBe(BlockHeader.Size);
        Unsafe.SizeOf<HashX>().ShouldBe(HashX.Size);
    }

    [Fact]
    public void Only_a_zero_hash_with_the_highest_index_is_the_null_outpoint()
    {
        new OutPoint(Hash256.Zero, uint.MaxValue).IsNull.ShouldBeTrue();
        new OutPoint(Hash256.Zero, 0).IsNull.ShouldBeFalse();
        new OutPoint(Hash256.Parse(Genesis), uint.MaxValue).IsNull.ShouldBeFalse();
        new OutPoint(Hash256.Parse(Genesis), 7).ToString().ShouldBe($"{Genesis}:7");
    }
}
