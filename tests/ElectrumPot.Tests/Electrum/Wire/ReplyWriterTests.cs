// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum.Wire;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Wire;

public sealed class ReplyWriterTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.00000001")]
    [InlineData(100_000, "0.001")]
    [InlineData(100_000_000, "1")]
    [InlineData(123_450_000_000, "1234.5")]
    [InlineData(-100_000_001, "-1.00000001")]
    [InlineData(long.MaxValue, "92233720368.54775807")]
    public void Amounts_of_coins_are_exact(long amount, string text) => Write(writer => writer.Coins(amount)).ShouldBe(text);

    [Theory]
    [InlineData(20.0, "20")]
    [InlineData(3.1, "3.1")]
    [InlineData(0.1, "0.1")]
    public void Rates_are_short(double rate, string text) => Write(writer => writer.Number(rate)).ShouldBe(text);

    [Fact]
    public void Any_text_comes_back_from_a_json_reader()
    {
        Prop.ForAll<string>(text =>
        {
            string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            JsonElement.Parse(Write(writer => writer.String(wellFormed))).GetString().ShouldBe(wellFormed);
        }).QuickCheckThrowOnFailure();
        string longText = string.Concat(Enumerable.Repeat("äöü€😀\n\"\\<>&", 500));
        JsonElement.Parse(Write(writer => writer.String(longText))).GetString().ShouldBe(longText);
    }

    [Fact]
    public void Beyond_the_limit_nothing_is_written_but_an_error_still_fits()
    {
        using ReplyWriter writer = ReplyWriter.Rent(limit: 100);
        writer.BeginResult("1"u8);
        int mark = writer.Length;
        for (int i = 0; i < 1000; i++) writer.String("much too much");
        writer.Overflowed.ShouldBeTrue();
        writer.Length.ShouldBeLessThanOrEqualTo(100);
        writer.Truncate(mark);
        writer.Overflowed.ShouldBeFalse();
        writer.Truncate(0);
        writer.Error("1"u8, RpcError.ReplyTooLarge(100));
        JsonElement.Parse(writer.Written.ToArray()).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32600);
    }

    private static string Write(Action<ReplyWriter> write)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        write(writer);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
