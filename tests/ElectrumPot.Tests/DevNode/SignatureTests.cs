// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>Signatures and their hashes against the recorded chain of real nodes and against published vectors.</summary>
public sealed class SignatureTests
{
    private static readonly JsonElement Vectors =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "potcoin-vectors.json"))).RootElement;

    [Fact]
    public void Signature_hashes_are_those_that_real_wallets_signed()
    {
        var transactions = Vectors.GetProperty("txs").EnumerateArray().ToDictionary(
            tx => tx.GetProperty("txid").GetString()!, tx => DevTransaction.Parse(Bytes(tx, "hex")));
        int checkedCount = 0;
        foreach (JsonElement vector in Vectors.GetProperty("sighash").EnumerateArray())
        {
            DevTransaction transaction = transactions[vector.GetProperty("txid").GetString()!];
            int input = vector.GetProperty("input").GetInt32();
            byte[] script = Bytes(vector, "prev_script");
            Hash256 hash = SignatureHash.Compute(transaction, input, script);
            Convert.ToHexStringLower(hash.Bytes).ShouldBe(vector.GetProperty("sighash_hex_internal_order").GetString());
            ScriptInterpreter.Verify(transaction, input, script).ShouldBeTrue(vector.GetProperty("kind").GetString());
            checkedCount++;
        }

        checkedCount.ShouldBe(13);
    }

    [Fact]
    public void Recorded_transactions_come_back_byte_for_byte()
    {
        foreach (JsonElement vector in Vectors.GetProperty("txs").EnumerateArray())
        {
            byte[] raw = Bytes(vector, "hex");
            var transaction = DevTransaction.Parse(raw);
            transaction.Raw.ShouldBe(raw);
            transaction.Txid.ToString().ShouldBe(vector.GetProperty("txid").GetString());
            transaction.IsCoinbase.ShouldBe(vector.GetProperty("coinbase").GetBoolean());
            transaction.IsCoinstake.ShouldBe(vector.GetProperty("coinstake").GetBoolean());
        }
    }

    [Theory]
    // RFC 6979 over secp256k1 with SHA-256 has no vectors in the RFC; these are the ones wallets agree on.
    [InlineData("1", "Satoshi Nakamoto", "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData("1", "All those moments will be lost in time, like tears in rain. Time to die...", "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b", "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364140", "Satoshi Nakamoto", "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0", "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    public void Signing_is_deterministic_as_rfc_6979_says(string secret, string message, string r, string s)
    {
        var key = new DevKey(BigInteger.Parse("0" + secret, NumberStyles.HexNumber, CultureInfo.InvariantCulture), compressed: true);
        Span<byte> digest = stackalloc byte[32];
        Sha256.Hash(System.Text.Encoding.UTF8.GetBytes(message), digest);
        byte[] signature = key.Sign(new Hash256(digest));

        (byte[] actualR, byte[] actualS) = Split(signature);
        Convert.ToHexStringLower(actualR).ShouldBe(r);
        Convert.ToHexStringLower(actualS).ShouldBe(s);
        EcdsaVerifier.Verify(key.PublicKey, signature, new Hash256(digest)).ShouldBeTrue();
    }

    [Fact]
    public void Openssl_accepts_every_signature_and_none_of_another_message_or_key()
    {
        var random = new DeterministicRandom(7);
        for (int i = 0; i < 50; i++)
        {
            var key = new DevKey(random.NextUInt64() + 1, compressed: i % 2 == 0);
            Hash256 message = Sha256d.Hash(BitConverter.GetBytes(random.NextUInt64()));
            byte[] signature = key.Sign(message);
            EcdsaVerifier.Verify(key.PublicKey, signature, message).ShouldBeTrue();
            EcdsaVerifier.Verify(key.PublicKey, signature, Sha256d.Hash(message.Bytes)).ShouldBeFalse();
            EcdsaVerifier.Verify(new DevKey(5, compressed: true).PublicKey, signature, message).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_changed_output_makes_the_spend_invalid()
    {
        var transactions = Vectors.GetProperty("txs").EnumerateArray().ToDictionary(
            tx => tx.GetProperty("txid").GetString()!, tx => DevTransaction.Parse(Bytes(tx, "hex")));
        JsonElement vector = Vectors.GetProperty("sighash")[0];
        DevTransaction signed = transactions[vector.GetProperty("txid").GetString()!];
        var forged = new DevTransaction(
            signed.Version, signed.Inputs, [.. signed.Outputs.Select(output => output with { Value = output.Value - 1 })], signed.LockTime, signed.Time);
        ScriptInterpreter.Verify(forged, 0, Bytes(vector, "prev_script")).ShouldBeFalse();
    }

    private static (byte[] R, byte[] S) Split(byte[] der)
    {
        int lengthR = der[3];
        byte[] r = der[4..(4 + lengthR)];
        byte[] s = der[(6 + lengthR)..];
        return (r[^32..], s[^32..]);
    }

    private static byte[] Bytes(JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
