// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Primitives;

public sealed class HashXTests
{
    private static readonly Gen<byte[]> Keys =
        from bytes in Gen.OneOf(Gen.Elements<byte>(0, 1, 0x7f, 0x80, 0xff), Gen.Choose(0, 255).Select(value => (byte)value))
            .ArrayOf(HashX.Size)
        from sameHead in Gen.Choose(0, HashX.Size)
        select (byte[])[.. new byte[sameHead], .. bytes.AsSpan(sameHead)];

    [Fact]
    public void Order_is_the_order_of_the_bytes_which_is_that_of_the_database()
    {
        Prop.ForAll(Keys.Two().ToArbitrary(), static pair =>
        {
            (HashX left, HashX right) = (new HashX(pair.Item1), new HashX(pair.Item2));
            int order = Math.Sign(pair.Item1.AsSpan().SequenceCompareTo(pair.Item2));
            return Math.Sign(left.CompareTo(right)) == order
                && left < right == order < 0 && left <= right == order <= 0 && left > right == order > 0 && left >= right == order >= 0
                && left == right == (order == 0)
                && (order != 0 || left.GetHashCode() == right.GetHashCode());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Bytes_come_back_and_are_the_text()
    {
        Prop.ForAll(Keys.ToArbitrary(), static bytes =>
        {
            var key = new HashX(bytes);
            var copy = new byte[HashX.Size];
            key.CopyTo(copy);
            return copy.AsSpan().SequenceEqual(bytes) && key.ToString() == Convert.ToHexStringLower(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_script_has_the_first_half_of_its_scripthash()
    {
        byte[] script = [0x51];
        byte[] digest = SHA256.HashData(script);
        HashX.OfScript(script).ShouldBe(new HashX(digest));
        HashX.OfScriptHash(ScriptHash.Of(script)).ShouldBe(HashX.OfScript(script));
        HashX.OfScript(script).ToString().ShouldBe(Convert.ToHexStringLower(digest.AsSpan(0, HashX.Size)));
    }

    [Fact]
    public void Too_few_bytes_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => new HashX(new byte[HashX.Size - 1]));

    // A wallet may subscribe to whatever bytes it likes: these are the keys of one who wants a slow server.
    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(1UL, 0UL)]
    [InlineData(0x0000_0001_0000_0001UL, 0UL)]
    [InlineData(0UL, 0x0000_0001_0000_0001UL)]
    [InlineData(1UL, 1UL)]
    [InlineData(0x1_0000_0000UL, 0x1_0000_0000UL)]
    public void Hash_codes_of_chosen_keys_spread_over_the_buckets(ulong highStep, ulong lowStep)
    {
        const int Count = 65_536;
        var codes = new HashSet<int>();
        var buckets = new int[Count];
        for (uint i = 0; i < Count; i++)
        {
            int code = new HashX(i * highStep, i * lowStep).GetHashCode();
            codes.Add(code);
            buckets[(uint)code % Count]++;
        }

        codes.Count.ShouldBeGreaterThan(Count - 50);
        buckets.Max().ShouldBeLessThan(40);
    }
}
