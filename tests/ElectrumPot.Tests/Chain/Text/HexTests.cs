// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Text;

public sealed class HexTests
{
    [Fact]
    public void Bytes_come_back_from_digits_of_either_case()
    {
        Prop.ForAll<byte[]>(static bytes =>
        {
            var digits = new byte[bytes.Length * 2];
            Hex.Encode(bytes, digits);
            string text = Encoding.ASCII.GetString(digits);
            var decoded = new byte[bytes.Length];
            var fromUpper = new byte[bytes.Length];
            var reversed = new byte[digits.Length];
            Hex.EncodeReversed(bytes, reversed);
            return text == Convert.ToHexStringLower(bytes)
                && Hex.TryDecode(digits, decoded) && decoded.AsSpan().SequenceEqual(bytes)
                && Hex.TryDecode(Encoding.ASCII.GetBytes(text.ToUpperInvariant()), fromUpper) && fromUpper.AsSpan().SequenceEqual(bytes)
                && Encoding.ASCII.GetString(reversed) == Convert.ToHexStringLower([.. bytes.AsEnumerable().Reverse()]);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("000")]
    [InlineData("00000")]
    [InlineData("000g")]
    [InlineData("0x00")]
    [InlineData("00 0")]
    public void Other_text_is_refused(string text) => Hex.TryDecode(Encoding.ASCII.GetBytes(text), new byte[2]).ShouldBeFalse();

    [Fact]
    public void Too_little_room_is_refused()
    {
        Should.Throw<ArgumentException>(() => Hex.Encode(new byte[2], new byte[3]));
        Should.Throw<ArgumentException>(() => Hex.EncodeReversed(new byte[2], new byte[3]));
    }
}
