// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Primitives;

public sealed class BlockHeaderTests
{
    [Fact]
    public void Every_genesis_header_has_its_hash_its_work_hash_and_its_fields()
    {
        int seen = 0;
        foreach (var vector in ChainVectors.Potcoin.GetProperty("genesis").EnumerateArray())
        {
            byte[] raw = vector.Bytes("header");
            var header = BlockHeader.Parse(raw);
            BlockHeader.HashOf(raw).ShouldBe(vector.Hash("hash"));
            header.ComputeHash().ShouldBe(vector.Hash("hash"));
            ScryptPow.Hash(raw).ShouldBe(vector.Hash("scrypt_pow_hash"));
            header.Version.ShouldBe(1);
            header.PreviousHash.ShouldBe(Hash256.Zero);
            header.MerkleRoot.ToString().ShouldBe("d5a08606e06eea7eae8a889dbcdcdd84917c10fc8e177ec013a9005305afe53d");
            header.Time.ShouldBe(vector.GetProperty("time").GetUInt32());
            header.Bits.ToString("x8", CultureInfo.InvariantCulture).ShouldBe(vector.Text("bits"));
            header.Nonce.ShouldBe(vector.GetProperty("nonce").GetUInt32());
            seen++;
        }

        seen.ShouldBe(5);
    }

    [Fact]
    public void Any_80_bytes_come_back_from_the_fields()
    {
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(BlockHeader.Size).ToArbitrary(), static raw =>
        {
            var header = BlockHeader.Parse(raw);
            var copy = new byte[BlockHeader.Size];
            header.CopyTo(copy);
            return copy.AsSpan().SequenceEqual(raw)
                && header.ComputeHash() == BlockHeader.HashOf(raw)
                && header.PreviousHash == BlockHeader.PreviousHashOf(raw);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Only_the_first_80_bytes_count()
    {
        byte[] block = ChainVectors.Blocks[0].Raw;
        BlockHeader.HashOf(block).ShouldBe(BlockHeader.HashOf(block.AsSpan(0, BlockHeader.Size)));
        BlockHeader.Parse(block).ShouldBe(BlockHeader.Parse(block.AsSpan(0, BlockHeader.Size)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(79)]
    public void Fewer_bytes_are_no_header(int length) =>
        Should.Throw<MalformedBlockException>(() => BlockHeader.Parse(new byte[length])).Message.ShouldContain($"{length} were given");

    [Theory]
    [InlineData(0x1d00ffffu, "100010001")] // Bitcoin's first block
    [InlineData(0x1e0ffff0u, "100010")] // Potcoin's first block
    [InlineData(0x207fffffu, "2")] // regtest
    [InlineData(0x1b0404cbu, "3fb3ab764c00")] // the example of the developer reference: difficulty 16307
    [InlineData(0x01010000u, "8000000000000000000000000000000000000000000000000000000000000000")] // target 1
    [InlineData(0x02008000u, "1fc07f01fc07f01fc07f01fc07f01fc07f01fc07f01fc07f01fc07f01fc07f0")] // target 128
    [InlineData(0x220000ffu, "1")] // the largest exponent that still fits
    [InlineData(0x00000000u, "0")]
    [InlineData(0x1d000000u, "0")] // no mantissa
    [InlineData(0x01003456u, "0")] // a mantissa that the exponent shifts away
    [InlineData(0x1d80ffffu, "0")] // negative
    [InlineData(0x04923456u, "0")] // negative
    [InlineData(0x22000100u, "0")] // above 256 bits
    [InlineData(0x23000001u, "0")] // above 256 bits
    [InlineData(0xff123456u, "0")] // far above
    public void Work_is_the_number_of_hashes_the_target_takes(uint bits, string workHex)
    {
        var header = default(BlockHeader) with { Bits = bits };
        header.Work.ShouldBe(BigInteger.Parse("0" + workHex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
