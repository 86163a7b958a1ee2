// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Scripts;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Scripts;

public sealed class Base58CheckTests
{
    private const string Address = "PHcAXz3E8KkqeYgyhTnC8E3hxX5zGAm1nw";

    [Fact]
    public void Any_payload_comes_back()
    {
        var payloads = from zeros in Gen.Choose(0, 6)
                       from length in Gen.Choose(0, 58)
                       from tail in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)
                       select (byte[])[.. new byte[zeros], .. tail];
        Prop.ForAll(payloads.ToArbitrary(), static payload =>
        {
            string text = Base58Check.Encode(payload);
            var decoded = new byte[payload.Length];
            int zeros = payload.TakeWhile(value => value == 0).Count();
            return Base58Check.TryDecode(text, decoded) && decoded.AsSpan().SequenceEqual(payload)
                && text.TakeWhile(c => c == '1').Count() >= zeros
                && !Base58Check.TryDecode("1" + text, new byte[payload.Length])
                && !Base58Check.TryDecode(text, new byte[payload.Length + 1]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("0062e907b15cbf27d5425399ebf6f0fb50ebb88f18", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("000000000000000000000000000000000000000000", "1111111111111111111114oLvT2")]
    [InlineData("3762e907b15cbf27d5425399ebf6f0fb50ebb88f18", Address)]
    [InlineData("", "3QJmnh")]
    public void Known_texts_are_written_and_read(string payloadHex, string text)
    {
        byte[] payload = Convert.FromHexString(payloadHex);
        Base58Check.Encode(payload).ShouldBe(text);
        var decoded = new byte[payload.Length];
        Base58Check.TryDecode(text, decoded).ShouldBeTrue();
        decoded.ShouldBe(payload);
    }

    [Fact]
    public void Every_mistyped_character_is_noticed()
    {
        var payload = new byte[21];
        for (int i = 0; i < Address.Length; i++)
        {
            foreach (char c in "1z0OIl +é\0")
            {
                if (Address[i] == c) continue;
                string wrong = string.Concat(Address.AsSpan(0, i), [c], Address.AsSpan(i + 1));
                Base58Check.TryDecode(wrong, payload).ShouldBeFalse(wrong);
            }

            Base58Check.TryDecode(Address.Remove(i, 1), payload).ShouldBeFalse();
        }

        payload.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Over_long_text_is_refused_whatever_it_says()
    {
        var payload = new byte[21];
        Base58Check.TryDecode("", payload).ShouldBeFalse();
        Base58Check.TryDecode(new string('1', 1_000_000), payload).ShouldBeFalse();
        Base58Check.TryDecode(new string('z', 1_000_000), payload).ShouldBeFalse();
        Base58Check.TryDecode(new string('1', 129), new byte[125]).ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Base58Check.Encode(new byte[65]));
    }
}
