// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Hashing;

public sealed class DigestTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Sha256_gives_the_examples_of_fips_180(string text, string expected) =>
        Convert.ToHexStringLower(Sha256Of(Encoding.ASCII.GetBytes(text))).ShouldBe(expected);

    [Theory]
    [InlineData("", "5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456")]
    [InlineData("hello", "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50")]
    public void Sha256d_gives_known_answers_in_the_order_of_the_digest(string text, string expected) =>
        Convert.ToHexStringLower(Sha256d.Hash(Encoding.ASCII.GetBytes(text)).Bytes).ShouldBe(expected);

    [Theory]
    [InlineData("", "b472a266d0bd89c13706a4132ccfb16f7c3b9fcb")]
    [InlineData(
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
            + "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f",
        "62e907b15cbf27d5425399ebf6f0fb50ebb88f18")]
    [InlineData("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", "751e76e8199196d454941c45d1b3a323f1433bd6")]
    public void Hash160_gives_the_addresses_of_known_keys(string dataHex, string expected)
    {
        var digest = new byte[Hash160.Size];
        Hash160.Compute(Convert.FromHexString(dataHex), digest);
        Convert.ToHexStringLower(digest).ShouldBe(expected);
    }

    // Around the block size of the hash, its padding, and the length from which the collector is let in.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(2050)]
    [InlineData(1_048_576)]
    public void Every_length_hashes_as_in_dotnet(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        Sha256Of(data).ShouldBe(SHA256.HashData(data));
        Sha256d.Hash(data).ToArray().ShouldBe(SHA256.HashData(SHA256.HashData(data)));
    }

    [Fact]
    public void Pieces_hash_like_the_whole_wherever_it_is_cut()
    {
        var cuts = from data in ArbMap.Default.GeneratorFor<byte[]>()
                   from first in Gen.Choose(0, data.Length)
                   from second in Gen.Choose(first, data.Length)
                   select (data, first, second);
        Prop.ForAll(cuts.ToArbitrary(), static cut =>
            Sha256d.Hash(cut.data.AsSpan(0, cut.first), cut.data.AsSpan(cut.first, cut.second - cut.first), cut.data.AsSpan(cut.second))
            == new Hash256(SHA256.HashData(SHA256.HashData(cut.data)))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_pair_hashes_like_its_64_bytes()
    {
        var left = new Hash256(SHA256.HashData([1]));
        var right = new Hash256(SHA256.HashData([2]));
        Sha256d.HashPair(left, right).ShouldBe(Sha256d.Hash([.. left.ToArray(), .. right.ToArray()]));
        Sha256d.HashPair(left, right).ShouldNotBe(Sha256d.HashPair(right, left));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused_before_anything_is_written()
    {
        var canary = new byte[64];
        Should.Throw<ArgumentException>(() => Sha256.Hash([1], canary.AsSpan(0, 31)));
        Should.Throw<ArgumentException>(() => Hash160.Compute([1], canary.AsSpan(0, 19)));
        canary.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Scrypt_of_less_than_a_header_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => ScryptPow.Hash(new byte[BlockHeader.Size - 1]));

    [Fact]
    public void Hashing_allocates_nothing()
    {
        var data = new byte[5000];
        var digest = new byte[32];
        HashAll(data, digest);
        Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                HashAll(data, digest);
        }).ShouldBe(0);
    }

    private static void HashAll(byte[] data, byte[] digest)
    {
        Sha256.Hash(data, digest);
        Hash160.Compute(data, digest);
        Sha256d.HashPair(Sha256d.Hash(data), ScryptPow.Hash(data)).CopyTo(digest);
    }

    private static byte[] Sha256Of(byte[] data)
    {
        var digest = new byte[Sha256.DigestSize];
        Sha256.Hash(data, digest);
        return digest;
    }
}
