// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum.Limits;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("127.0.0.0/8, ::1", "127.9.9.9", true)]
    [InlineData("127.0.0.0/8, ::1", "128.0.0.1", false)]
    [InlineData("127.0.0.0/8, ::1", "::1", true)]
    [InlineData("127.0.0.0/8, ::1", "::2", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("2001:db8::/32 10.0.0.0/8", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32,10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("10.0.0.1/8", "10.9.9.9", true)]
    [InlineData("", "127.0.0.1", false)]
    public void An_address_is_in_a_list_or_not(string list, string address, bool isIn) =>
        AddressList.Parse(list).Contains(IPAddress.Parse(address)).ShouldBe(isIn);

    [Theory]
    [InlineData("localhost")]
    [InlineData("1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8;::1")]
    [InlineData("10.0.0.0/")]
    [InlineData("::1/129")]
    public void What_an_operator_cannot_mean_is_no_list(string text) => AddressList.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void An_ipv6_address_counts_as_its_64_bits(string left, string right, bool same) =>
        (NetworkKey.OfAddress(IPAddress.Parse(left)) == NetworkKey.OfAddress(IPAddress.Parse(right))).ShouldBe(same);

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.250", 24, true)]
    [InlineData("192.0.2.7", "192.0.3.7", 24, false)]
    [InlineData("192.0.2.7", "192.0.3.7", 16, true)]
    [InlineData("192.0.2.7", "8.8.8.8", 0, true)]
    public void A_subnet_has_the_length_it_is_given(string left, string right, int bits, bool same) =>
        (NetworkKey.Of(IPAddress.Parse(left), bits, 48) == NetworkKey.Of(IPAddress.Parse(right), bits, 48)).ShouldBe(same);
}
