// SPDX-License-Identifier: MIT

using System.Text.Json;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>A check that lets everything pass proves nothing.</summary>
public sealed class ShapeTests
{
    [Theory]
    [InlineData("str", "\"\"")]
    [InlineData("int", "-12")]
    [InlineData("coin", "0.00000001")]
    [InlineData("coin|-1", "-1")]
    [InlineData("hex", "\"00ff\"")]
    [InlineData("null|hash", "null")]
    [InlineData("[nat...]", "[]")]
    [InlineData("[nat...]", "[1,2]")]
    [InlineData("[str, [nat, nat]]", "[\"a\",[1,2]]")]
    [InlineData("{a: nat, b?: str}", "{\"a\":1}")]
    [InlineData("{a: nat, *: bool}", "{\"z\":true,\"a\":1}")]
    [InlineData("{\"a\":[1,null,\"x\"]}", "{\"a\":[1,null,\"x\"]}")]
    public void What_fits_passes(string shape, string json) => Shape.Mismatch(shape, JsonElement.Parse(json)).ShouldBeNull();

    [Theory]
    [InlineData("str", "1")]
    [InlineData("int", "1.0")]
    [InlineData("int", "1e2")]
    [InlineData("int", "-0")]
    [InlineData("nat", "-1")]
    [InlineData("coin", "1e-8")]
    [InlineData("coin", "0.000000001")]
    [InlineData("coin", "\"1\"")]
    [InlineData("hex", "\"0FF0\"")]
    [InlineData("hex", "\"0\"")]
    [InlineData("hash", "\"00\"")]
    [InlineData("2016", "2016.0")]
    [InlineData("\"a\"", "\"b\"")]
    [InlineData("[nat...]", "[1,\"2\"]")]
    [InlineData("[nat...]", "{}")]
    [InlineData("[nat,nat]", "[1]")]
    [InlineData("[nat,nat]", "[1,2,3]")]
    [InlineData("[]", "[1]")]
    [InlineData("{a:nat}", "{}")]
    [InlineData("{a:nat}", "{\"a\":1,\"b\":2}")]
    [InlineData("{a:nat}", "{\"a\":1,\"a\":1}")]
    [InlineData("{a:nat}", "[]")]
    [InlineData("{a:nat|null}", "{\"a\":\"\"}")]
    public void What_does_not_fit_is_found(string shape, string json) => Shape.Mismatch(shape, JsonElement.Parse(json)).ShouldNotBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("{a")]
    [InlineData("{:nat}")]
    public void A_broken_shape_is_an_error_and_no_match(string shape) =>
        Should.Throw<FormatException>(() => Shape.Mismatch(shape, JsonElement.Parse("1")));
}
