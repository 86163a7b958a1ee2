// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Blocks and transactions of all three generations of potcoind, proof of work and proof of stake.</summary>
public sealed class PotcoinVectorTests
{
    private static IEnumerable<JsonElement> Vectors(string name) => ChainVectors.Potcoin.GetProperty(name).EnumerateArray();

    [Fact]
    public void Every_block_has_the_header_its_node_showed()
    {
        foreach (JsonElement vector in Vectors("blocks"))
        {
            byte[] raw = vector.Bytes("hex");
            var reader = new BlockReader(raw, BlockFormat.Posv, TransactionFormat.Posv);
            Convert.ToHexStringLower(reader.Header).ShouldBe(vector.Text("header"));
            var header = BlockHeader.Parse(raw);
            header.Version.ShouldBe(vector.GetProperty("version").GetInt32());
            header.PreviousHash.ShouldBe(vector.Hash("prev"));
            header.MerkleRoot.ShouldBe(vector.Hash("merkle"));
            header.Time.ShouldBe(vector.GetProperty("time").GetUInt32());
            header.Bits.ShouldBe(vector.GetProperty("bits").GetUInt32());
            header.Nonce.ShouldBe(vector.GetProperty("nonce").GetUInt32());
            BlockHeader.HashOf(reader.Header).ShouldBe(vector.Hash("hash"));
            ScryptPow.Hash(reader.Header).ShouldBe(vector.Hash("scrypt_pow_hash"));
        }
    }

    [Fact]
    public void Every_block_has_its_txids_its_merkle_root_and_its_signature()
    {
        var versions = new HashSet<int>();
        foreach (JsonElement vector in Vectors("blocks"))
        {
            byte[] raw = vector.Bytes("hex");
            var reader = new BlockReader(raw, BlockFormat.Posv, TransactionFormat.Posv);
            var txids = new List<Hash256>();
            bool isProofOfStake = false;
            while (reader.TryReadTransaction(out TransactionView transaction))
            {
                transaction.IsCoinbase.ShouldBe(txids.Count == 0);
                if (txids.Count == 1) isProofOfStake = transaction.IsCoinstake;
                else transaction.IsCoinstake.ShouldBeFalse();
                txids.Add(transaction.ComputeTxid());
            }

            reader.TransactionCount.ShouldBe(vector.GetProperty("ntx").GetInt32());
            txids.ShouldBe(vector.Hashes("txids"));
            MerkleTree.FoldRoot(txids.ToArray()).ShouldBe(vector.Hash("merkle"));
            isProofOfStake.ShouldBe(vector.GetProperty("proof_of_stake").GetBoolean());
            Convert.ToHexStringLower(reader.Signature).ShouldBe(vector.GetProperty("block_sig").GetString() ?? "");
            versions.Add(BlockHeader.Parse(raw).Version);
        }

        versions.Order().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Every_transaction_has_the_fields_its_node_showed()
    {
        var versions = new HashSet<int>();
        foreach (JsonElement vector in Vectors("txs"))
        {
            string kind = vector.Text("kind");
            byte[] raw = vector.Bytes("hex");
            TransactionView transaction = TransactionReader.ReadWhole(raw, TransactionFormat.Posv);
            transaction.Version.ShouldBe(vector.GetProperty("version").GetInt32(), kind);
            transaction.LockTime.ShouldBe(vector.GetProperty("locktime").GetUInt32(), kind);
            JsonElement time = vector.GetProperty("ntime");
            transaction.Time.ShouldBe(time.ValueKind == JsonValueKind.Null ? null : time.GetUInt32(), kind);
            transaction.IsCoinbase.ShouldBe(vector.GetProperty("coinbase").GetBoolean(), kind);
            transaction.IsCoinstake.ShouldBe(vector.GetProperty("coinstake").GetBoolean(), kind);
            transaction.ComputeTxid().ShouldBe(vector.Hash("txid"), kind);
            transaction.HasWitness.ShouldBeFalse(kind);
            transaction.StrippedSize.ShouldBe(raw.Length, kind);
            transaction.VirtualSize.ShouldBe(raw.Length, kind);
            TransactionFields.ShouldMatch(transaction, vector);
            TransactionFields.Rewrite(transaction).ShouldBe(raw, kind);
            versions.Add(transaction.Version);
        }

        versions.Order().ShouldBe([1, 3, 4]);
    }

    [Fact]
    public void Blocks_of_one_second_share_the_txid_of_their_coinbase()
    {
        var byTxid = Vectors("blocks").GroupBy(vector => vector.Hashes("txids")[0]).Where(group => group.Count() > 1).ToList();
        byTxid.ShouldNotBeEmpty();
        byTxid.ShouldAllBe(group => group.All(vector => vector.GetProperty("proof_of_stake").GetBoolean()));
    }

    [Theory]
    [InlineData(int.MinValue, false)]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(int.MaxValue, true)]
    public void The_signed_version_alone_decides_about_the_time_of_a_transaction(int version, bool hasTime)
    {
        byte[] raw = RawTransaction.Simple(1);
        BitConverter.TryWriteBytes(raw, version).ShouldBeTrue();
        byte[] withTime = [.. raw, 0x78, 0x56, 0x34, 0x12];
        byte[] right = hasTime ? withTime : raw;
        TransactionReader.ReadWhole(right, TransactionFormat.Posv).Time.ShouldBe(hasTime ? 0x12345678u : null);
        BlockWalk.TryTransaction(hasTime ? raw : withTime, TransactionFormat.Posv).ShouldBeFalse();
        TransactionReader.ReadWhole(raw, TransactionFormat.Plain).Time.ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(int.MaxValue, true)]
    public void The_signed_version_alone_decides_about_the_signature_of_a_block(int version, bool hasSignature)
    {
        byte[] block = RawTransaction.Block(RawTransaction.Simple(1));
        BitConverter.TryWriteBytes(block, version).ShouldBeTrue();
        byte[] signed = [.. block, 3, 7, 8, 9];
        byte[] emptySignature = [.. block, 0];

        var reader = new BlockReader(hasSignature ? signed : block, BlockFormat.Posv, TransactionFormat.Posv);
        reader.Signature.IsEmpty.ShouldBeTrue();
        reader.TryReadTransaction(out _).ShouldBeTrue();
        reader.Signature.ToArray().ShouldBe(hasSignature ? [7, 8, 9] : []);
        BlockWalk.TryBlock(hasSignature ? block : signed, BlockFormat.Posv, TransactionFormat.Posv).ShouldBeFalse();
        BlockWalk.TryBlock(emptySignature, BlockFormat.Posv, TransactionFormat.Posv).ShouldBe(hasSignature);
        BlockWalk.TryBlock(block, BlockFormat.Plain, TransactionFormat.Posv).ShouldBeTrue();
        BlockWalk.TryBlock(signed, BlockFormat.Plain, TransactionFormat.Posv).ShouldBeFalse();
    }

    [Fact]
    public void A_coinstake_needs_a_real_input_and_an_empty_first_output_of_two()
    {
        var txid = new byte[32];
        txid[0] = 1;
        byte[] script = [0x51];
        IsCoinstake(txid, 0, (0, []), (5, script)).ShouldBeTrue();
        IsCoinstake(new byte[32], 0, (0, []), (5, script)).ShouldBeTrue();
        IsCoinstake(new byte[32], -1, (0, []), (5, script)).ShouldBeFalse();
        IsCoinstake(txid, 0, (0, [])).ShouldBeFalse();
        IsCoinstake(txid, 0, (1, []), (5, script)).ShouldBeFalse();
        IsCoinstake(txid, 0, (0, script), (5, script)).ShouldBeFalse();
    }

    private static bool IsCoinstake(byte[] txid, int index, params (long Value, byte[] Script)[] outputs)
    {
        RawTransaction raw = new RawTransaction().Int32(1).Count(1).Input(txid, index, []).Count(outputs.Length);
        foreach ((long value, byte[] script) in outputs)
            raw.Output(value, script);
        return TransactionReader.ReadWhole(raw.Int32(0).ToArray(), TransactionFormat.Posv).IsCoinstake;
    }
}
