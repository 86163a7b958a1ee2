// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Blocks of a real Litecoin node, with witnesses of native and nested outputs.</summary>
public sealed class SegwitVectorTests
{
    private static readonly JsonElement Block = ChainVectors.Segwit.GetProperty("segwit_block");
    private static readonly JsonElement MwebBlock = ChainVectors.Segwit.GetProperty("mweb_block");

    [Fact]
    public void Every_transaction_has_the_ids_and_sizes_its_node_showed()
    {
        int seen = 0;
        foreach (JsonElement vector in Block.GetProperty("txs").EnumerateArray())
        {
            byte[] raw = vector.Bytes("hex");
            TransactionView transaction = TransactionReader.ReadWhole(raw, TransactionFormat.Segwit);
            transaction.HasWitness.ShouldBeTrue();
            transaction.ComputeTxid().ShouldBe(vector.Hash("txid"));
            Sha256d.Hash(transaction.Raw).ShouldBe(vector.Hash("wtxid"));
            transaction.Raw.Length.ShouldBe(vector.GetProperty("size").GetInt32());
            transaction.VirtualSize.ShouldBe(vector.GetProperty("vsize").GetInt32());
            ((3 * transaction.StrippedSize) + transaction.Raw.Length).ShouldBe(vector.GetProperty("weight").GetInt32());
            transaction.Time.ShouldBeNull();
            transaction.IsCoinbase.ShouldBe(seen == 0);
            TransactionFields.ShouldMatch(transaction, vector);
            seen++;
        }

        seen.ShouldBe(3);
    }

    [Fact]
    public void A_transaction_without_its_witness_keeps_its_txid()
    {
        foreach (JsonElement vector in Block.GetProperty("txs").EnumerateArray())
        {
            TransactionView full = TransactionReader.ReadWhole(vector.Bytes("hex"), TransactionFormat.Segwit);
            byte[] stripped = TransactionFields.Rewrite(full);
            stripped.Length.ShouldBe(full.StrippedSize);
            TransactionView bare = TransactionReader.ReadWhole(stripped, TransactionFormat.Segwit);
            bare.HasWitness.ShouldBeFalse();
            bare.ComputeTxid().ShouldBe(full.ComputeTxid());
            bare.VirtualSize.ShouldBe(stripped.Length);
        }
    }

    [Fact]
    public void The_block_has_its_hash_its_merkle_root_and_its_stripped_size()
    {
        byte[] raw = Block.Bytes("hex");
        var reader = new BlockReader(raw, BlockFormat.Plain, TransactionFormat.Segwit);
        int stripped = reader.Position;
        var txids = new List<Hash256>();
        while (reader.TryReadTransaction(out TransactionView transaction))
        {
            stripped += transaction.StrippedSize;
            txids.Add(transaction.ComputeTxid());
        }

        BlockHeader.HashOf(raw).ShouldBe(Block.Hash("hash"));
        stripped.ShouldBe(Block.GetProperty("stripped").GetInt32());
        MerkleTree.FoldRoot(txids.ToArray()).ShouldBe(Block.Hash("merkle"));
        BlockHeader.Parse(raw).MerkleRoot.ShouldBe(Block.Hash("merkle"));
    }

    [Fact]
    public void An_mweb_part_is_refused_with_its_reason()
    {
        int refused = 0;
        foreach (JsonElement vector in MwebBlock.GetProperty("txs").EnumerateArray())
        {
            byte[] raw = vector.Bytes("hex");
            if (raw[4] == 0 && raw[5] == 8)
            {
                Should.Throw<MalformedBlockException>(() => TransactionReader.ReadWhole(raw, TransactionFormat.Segwit))
                    .Message.ShouldBe("the transaction has an MWEB part, which this server does not read");
                refused++;
            }
            else
            {
                TransactionReader.ReadWhole(raw, TransactionFormat.Segwit).ComputeTxid().ShouldBe(vector.Hash("txid"));
            }
        }

        refused.ShouldBe(1);
        Should.Throw<MalformedBlockException>(() => BlockWalk.Block(MwebBlock.Bytes("hex"), BlockFormat.Plain, TransactionFormat.Segwit))
            .Message.ShouldContain("MWEB");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(255)]
    public void An_unknown_flag_is_refused_by_its_number(byte flag)
    {
        byte[] raw = Block.GetProperty("txs")[1].Bytes("hex");
        raw[5] = flag;
        Should.Throw<MalformedBlockException>(() => TransactionReader.ReadWhole(raw, TransactionFormat.Segwit))
            .Message.ShouldContain($"unknown flag {flag}");
    }

    [Fact]
    public void A_marker_without_any_witness_is_refused()
    {
        byte[] noInputs = new RawTransaction().Int32(2).Bytes([0, 1]).Count(0).Count(1).Output(1, [0x51]).Int32(0).ToArray();
        byte[] emptyStack = new RawTransaction().Int32(2).Bytes([0, 1]).Count(1).Input(new byte[32], 0, []).Count(1).Output(1, [0x51])
            .Count(0).Int32(0).ToArray();
        byte[] emptyItem = new RawTransaction().Int32(2).Bytes([0, 1]).Count(1).Input(new byte[32], 0, []).Count(1).Output(1, [0x51])
            .Count(1).Count(0).Int32(0).ToArray();
        foreach (byte[] raw in (byte[][])[noInputs, emptyStack])
        {
            Should.Throw<MalformedBlockException>(() => TransactionReader.ReadWhole(raw, TransactionFormat.Segwit))
                .Message.ShouldContain("no witness");
        }

        TransactionReader.ReadWhole(emptyItem, TransactionFormat.Segwit).HasWitness.ShouldBeTrue();
    }

    [Fact]
    public void Formats_without_witness_do_not_know_the_marker()
    {
        byte[] raw = Block.GetProperty("txs")[1].Bytes("hex");
        BlockWalk.TryTransaction(raw, TransactionFormat.Plain).ShouldBeFalse();
        BlockWalk.TryTransaction(raw, TransactionFormat.Posv).ShouldBeFalse();
    }
}
