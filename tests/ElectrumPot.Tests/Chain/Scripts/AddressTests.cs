// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Scripts;

public sealed class AddressTests
{
    [Fact]
    public void Addresses_and_scripthashes_of_the_protocol_come_out()
    {
        int seen = 0;
        foreach (JsonElement vector in ChainVectors.Protocol.GetProperty("scripthash").EnumerateArray())
        {
            byte[] script = vector.Bytes("script");
            ScriptHash.Of(script).ShouldBe(vector.Hash("scripthash"));
            bool isCanonical = vector.TryGetProperty("potcoin_address", out JsonElement address);
            string expected = isCanonical ? address.GetString()! : vector.Text("legacy_address_credited");
            Address.OfScript(script, ChainVectors.PotcoinCoin).ShouldBe(expected);
            Address.TryGetScript(expected, ChainVectors.PotcoinCoin, out byte[] own).ShouldBeTrue();
            OutputScript.IsCanonicalAddressScript(own).ShouldBeTrue();
            own.SequenceEqual(script).ShouldBe(isCanonical);
            seen++;
        }

        seen.ShouldBe(3);
    }

    [Fact]
    public void Every_recorded_output_has_an_address_unless_it_is_empty_or_multisig()
    {
        foreach (JsonElement vector in ChainVectors.Potcoin.GetProperty("txs").EnumerateArray())
        {
            foreach (JsonElement output in vector.GetProperty("vout").EnumerateArray())
            {
                byte[] script = output.Bytes("script");
                string? address = Address.OfScript(script, ChainVectors.PotcoinCoin);
                if (script.Length == 0 || script[^1] == 0xae || script[0] == 0x6a)
                {
                    address.ShouldBeNull();
                    continue;
                }

                address.ShouldNotBeNull()[0].ShouldBe(script[0] == 0xa9 ? '3' : 'P');
                Address.TryGetScript(address, ChainVectors.PotcoinCoin, out byte[] own).ShouldBeTrue();
                if (OutputScript.IsCanonicalAddressScript(script)) own.ShouldBe(script);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")] // Bitcoin's version byte
    [InlineData("PHcAXz3E8KkqeYgyhTnC8E3hxX5zGAm1nx")] // checksum
    [InlineData("PHcAXz3E8KkqeYgyhTnC8E3hxX5zGAm1nw ")]
    public void Text_that_is_no_address_of_the_coin_has_no_script(string text)
    {
        Address.TryGetScript(text, ChainVectors.PotcoinCoin, out byte[] script).ShouldBeFalse();
        script.ShouldBeEmpty();
    }

    [Fact]
    public void All_script_versions_are_read_and_the_first_is_written()
    {
        Coin litecoin = CoinRegistry.BuiltIn.Get("litecoin-regtest");
        var payload = new byte[21];
        foreach (byte version in (byte[])[58, 196])
        {
            payload[0] = version;
            Address.TryGetScript(Base58Check.Encode(payload), litecoin, out byte[] script).ShouldBeTrue();
            script[0].ShouldBe((byte)0xa9);
            payload[0] = 58;
            Address.OfScript(script, litecoin).ShouldBe(Base58Check.Encode(payload));
        }
    }
}
