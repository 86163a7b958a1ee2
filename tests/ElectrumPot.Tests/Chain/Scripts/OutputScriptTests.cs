// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Scripts;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Scripts;

public sealed class OutputScriptTests
{
    private const string Key20 = "62e907b15cbf27d5425399ebf6f0fb50ebb88f18";
    private const string CompressedKey = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string UncompressedKey =
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
        + "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f";

    [Theory]
    [InlineData("76a914" + Key20 + "88ac")]
    [InlineData("76a914" + Key20 + "88ac61")]
    [InlineData("76a94c14" + Key20 + "88ac")]
    [InlineData("76a94d1400" + Key20 + "88ac")]
    [InlineData("76a94e14000000" + Key20 + "88ac")]
    [InlineData("76a94e14000000" + Key20 + "88ac61")]
    public void A_key_hash_is_recognised_with_every_push(string hex) => Classify(hex).ShouldBe((ScriptKind.PayToPublicKeyHash, Key20));

    [Theory]
    [InlineData("a914" + Key20 + "87")]
    [InlineData("a94c14" + Key20 + "87")]
    [InlineData("a94d1400" + Key20 + "87")]
    [InlineData("a94e14000000" + Key20 + "87")]
    public void A_script_hash_is_recognised_with_every_push(string hex) => Classify(hex).ShouldBe((ScriptKind.PayToScriptHash, Key20));

    [Theory]
    [InlineData("21" + CompressedKey + "ac", "751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("4c21" + CompressedKey + "ac", "751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("4d2100" + CompressedKey + "ac", "751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("4e21000000" + CompressedKey + "ac", "751e76e8199196d454941c45d1b3a323f1433bd6")]
    [InlineData("41" + UncompressedKey + "ac", Key20)]
    [InlineData("4c41" + UncompressedKey + "ac", Key20)]
    public void A_key_stands_for_its_hash_with_every_push(string hex, string hash160) =>
        Classify(hex).ShouldBe((ScriptKind.PayToPublicKey, hash160));

    [Theory]
    [InlineData("")]
    [InlineData("ac")]
    [InlineData("00ac")]
    [InlineData("51")]
    [InlineData("76")]
    [InlineData("76a9")]
    [InlineData("a9")]
    [InlineData("a987")]
    [InlineData("76a914" + Key20 + "88")] // cut
    [InlineData("76a914" + Key20 + "88ad")] // CHECKSIGVERIFY
    [InlineData("76a914" + Key20 + "87ac")] // EQUAL
    [InlineData("76a814" + Key20 + "88ac")] // SHA256
    [InlineData("76a914" + Key20 + "88ac6161")] // two NOPs
    [InlineData("76a914" + Key20 + "6188ac")] // NOP elsewhere
    [InlineData("6176a914" + Key20 + "88ac")] // NOP in front
    [InlineData("76a914" + Key20 + "88ac51")] // another operation behind
    [InlineData("76a913" + "e907b15cbf27d5425399ebf6f0fb50ebb88f18" + "88ac")] // 19 bytes
    [InlineData("76a915" + "00" + Key20 + "88ac")] // 21 bytes
    [InlineData("76a94c15" + Key20 + "88ac")] // length beyond
    [InlineData("76a94d14" + Key20 + "88ac")] // a length of two bytes that swallows the script
    [InlineData("76a94effffffff" + Key20 + "88ac")] // 4 GiB
    [InlineData("76a94e140000" + Key20 + "88ac")]
    [InlineData("a914" + Key20 + "88")] // EQUALVERIFY
    [InlineData("a914" + Key20 + "8761")] // NOP: known for key hashes only
    [InlineData("a915" + "00" + Key20 + "87")]
    [InlineData("a914" + Key20)]
    [InlineData("0014" + Key20)] // a witness program
    [InlineData("21" + CompressedKey + "ac61")]
    [InlineData("21" + CompressedKey + "ad")]
    [InlineData("21" + CompressedKey + "acac")]
    [InlineData("20" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798" + "ac")] // 32 bytes
    [InlineData("22" + "00" + CompressedKey + "ac")] // 34 bytes
    [InlineData("42" + "00" + UncompressedKey + "ac")] // 66 bytes
    [InlineData("21" + CompressedKey)]
    [InlineData("41" + CompressedKey + "ac")] // a key that is cut
    [InlineData("5121" + CompressedKey + "51ae")] // bare multisig
    [InlineData("6a14" + Key20)]
    [InlineData("4c")]
    [InlineData("4d00")]
    [InlineData("4e000000")]
    public void What_only_looks_like_it_has_no_address(string hex)
    {
        byte[] script = Convert.FromHexString(hex);
        var untouched = new byte[Hash160.Size];
        OutputScript.Classify(script, untouched).ShouldBe(ScriptKind.Other);
        untouched.ShouldAllBe(value => value == 0);
        OutputScript.IsCanonicalAddressScript(script).ShouldBeFalse();
    }

    [Fact]
    public void No_script_confuses_the_reader()
    {
        Gen<byte> opcodes = Gen.OneOf(
            Gen.Elements<byte>(0x00, 0x14, 0x21, 0x41, 0x4c, 0x4d, 0x4e, 0x61, 0x6a, 0x76, 0x87, 0x88, 0xa9, 0xac),
            Gen.Choose(0, 255).Select(value => (byte)value));
        Prop.ForAll(opcodes.ArrayOf().ToArbitrary(), static script =>
        {
            var hash160 = new byte[Hash160.Size];
            ScriptKind kind = OutputScript.Classify(script, hash160);
            return !OutputScript.IsCanonicalAddressScript(script) || kind is ScriptKind.PayToPublicKeyHash or ScriptKind.PayToScriptHash;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Written_scripts_are_canonical_and_read_back()
    {
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(Hash160.Size).ToArbitrary(), static hash160 =>
        {
            var keyHash = new byte[OutputScript.PayToPublicKeyHashSize];
            var scriptHash = new byte[OutputScript.PayToScriptHashSize];
            OutputScript.WritePayToPublicKeyHash(hash160, keyHash);
            OutputScript.WritePayToScriptHash(hash160, scriptHash);
            string hex = Convert.ToHexStringLower(hash160);
            return OutputScript.IsCanonicalAddressScript(keyHash) && OutputScript.IsCanonicalAddressScript(scriptHash)
                && Convert.ToHexStringLower(keyHash) == $"76a914{hex}88ac" && Convert.ToHexStringLower(scriptHash) == $"a914{hex}87"
                && Classify($"76a914{hex}88ac") == (ScriptKind.PayToPublicKeyHash, hex)
                && Classify($"a914{hex}87") == (ScriptKind.PayToScriptHash, hex);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("76a914" + Key20 + "88ac61")]
    [InlineData("76a94c14" + Key20 + "88ac")]
    [InlineData("a94c14" + Key20 + "87")]
    [InlineData("21" + CompressedKey + "ac")]
    public void Other_forms_have_the_address_without_being_its_script(string hex) =>
        OutputScript.IsCanonicalAddressScript(Convert.FromHexString(hex)).ShouldBeFalse();

    [Theory]
    [InlineData("6a", true)]
    [InlineData("6a0568656c6c6f", true)]
    [InlineData("006a", true)]
    [InlineData("006a51", true)]
    [InlineData("", false)]
    [InlineData("00", false)]
    [InlineData("0000", false)]
    [InlineData("516a", false)]
    [InlineData("00516a", false)]
    [InlineData("016a", false)]
    public void Only_a_leading_return_makes_an_output_unspendable(string hex, bool expected) =>
        OutputScript.IsUnspendable(Convert.FromHexString(hex)).ShouldBe(expected);

    private static (ScriptKind Kind, string Hash160) Classify(string hex)
    {
        var hash160 = new byte[Hash160.Size];
        return (OutputScript.Classify(Convert.FromHexString(hex), hash160), Convert.ToHexStringLower(hash160));
    }
}
