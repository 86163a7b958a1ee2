// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Electrum.Wire;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Wire;

public sealed class RpcParamsTests
{
    private static readonly string[] Names = ["height", "name", "flag"];

    [Theory]
    [InlineData("""[5,"x",true]""")]
    [InlineData("""{"flag":true,"height":5,"name":"x"}""")]
    [InlineData("""[ 5.0 , "\u0078", true ]""")]
    public void Arguments_come_by_position_or_by_name(string json)
    {
        RpcParams.Read(Encoding.UTF8.GetBytes(json), Names, ignoresExtra: false, out RpcParams arguments).ShouldBeNull();
        arguments.ReadNatural(0, out int height).ShouldBeNull();
        arguments.ReadString(1, out ReadOnlySpan<byte> name).ShouldBeNull();
        arguments.ReadBoolean(2, absent: false, out bool flag).ShouldBeNull();
        (height, Encoding.UTF8.GetString(name), flag).ShouldBe((5, "x", true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[null,null]")]
    public void Absent_arguments_have_their_default_or_are_missed(string json)
    {
        RpcParams.Read(Encoding.UTF8.GetBytes(json), Names, ignoresExtra: false, out RpcParams arguments).ShouldBeNull();
        arguments.ReadNatural(0, absent: 9, out int height).ShouldBeNull();
        arguments.ReadBoolean(2, absent: true, out bool flag).ShouldBeNull();
        (height, flag).ShouldBe((9, true));
        arguments.ReadNatural(0, out _)!.Message.ShouldContain("height");
        arguments.ReadString(1, out _)!.Code.ShouldBe(-32602);
    }

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[\"5\"]")]
    [InlineData("[2147483648]")]
    [InlineData("[1e99]")]
    [InlineData("[true]")]
    [InlineData("[[5]]")]
    [InlineData("[{}]")]
    public void A_height_that_is_none_is_refused(string json)
    {
        RpcParams.Read(Encoding.UTF8.GetBytes(json), Names, ignoresExtra: false, out RpcParams arguments).ShouldBeNull();
        arguments.ReadNatural(0, out _)!.Code.ShouldBe(-32602);
        arguments.ReadNatural(0, absent: 0, out _)!.Code.ShouldBe(-32602);
    }

    [Theory]
    [InlineData("""[1,"x",true,4]""")]
    [InlineData("""{"height":1,"other":2}""")]
    [InlineData("""{"\ud800":1}""")]
    public void Surplus_arguments_are_refused_unless_the_method_ignores_them(string json)
    {
        RpcParams.Read(Encoding.UTF8.GetBytes(json), Names, ignoresExtra: false, out _)!.Code.ShouldBe(-32602);
        RpcParams.Read(Encoding.UTF8.GetBytes(json), Names, ignoresExtra: true, out _).ShouldBeNull();
    }

    [Fact]
    public void A_text_with_half_a_surrogate_pair_is_refused()
    {
        RpcParams.Read("[1,\"\\ud800\"]"u8, Names, ignoresExtra: false, out RpcParams arguments).ShouldBeNull();
        arguments.ReadString(1, out _)!.Code.ShouldBe(-32602);
    }
}
