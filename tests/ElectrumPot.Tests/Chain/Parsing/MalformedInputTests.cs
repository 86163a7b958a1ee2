// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Parsing;

/// <summary>Bytes from outside end in a view or in a <see cref="MalformedBlockException"/>, and in nothing else.</summary>
public sealed class MalformedInputTests
{
    private static readonly Gen<BlockFormat> BlockFormats = Gen.Elements(BlockFormat.Plain, BlockFormat.Posv);

    private static readonly Gen<TransactionFormat> TransactionFormats =
        Gen.Elements(TransactionFormat.Plain, TransactionFormat.Segwit, TransactionFormat.Posv);

    /// <summary>Bytes as they occur in counts, versions and flags come more often than others.</summary>
    private static readonly Gen<byte> Bytes = Gen.OneOf(
        Gen.Elements<byte>(0, 0, 0, 1, 1, 2, 4, 8, 0xfc, 0xfd, 0xfe, 0xff), Gen.Choose(0, 255).Select(value => (byte)value));

    [Fact]
    public void A_block_cut_anywhere_is_malformed()
    {
        foreach ((byte[] raw, BlockFormat blockFormat, TransactionFormat transactionFormat) in ChainVectors.Blocks)
        {
            BlockWalk.TryBlock(raw, blockFormat, transactionFormat).ShouldBeTrue();
            for (int length = 0; length < raw.Length; length++)
                BlockWalk.TryBlock(raw.AsSpan(0, length), blockFormat, transactionFormat).ShouldBeFalse($"cut at {length} of {raw.Length}");
            BlockWalk.TryBlock([.. raw, 0], blockFormat, transactionFormat).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_transaction_cut_anywhere_is_malformed()
    {
        foreach ((byte[] raw, TransactionFormat format) in ChainVectors.Transactions)
        {
            BlockWalk.TryTransaction(raw, format).ShouldBeTrue();
            for (int length = 0; length < raw.Length; length++)
                BlockWalk.TryTransaction(raw.AsSpan(0, length), format).ShouldBeFalse($"cut at {length} of {raw.Length}");
        }
    }

    [Fact]
    public void What_follows_a_transaction_is_counted_or_left_alone_as_asked()
    {
        foreach ((byte[] raw, TransactionFormat format) in ChainVectors.Transactions)
        {
            byte[] longer = [.. raw, 1, 2, 3];
            Should.Throw<MalformedBlockException>(() => TransactionReader.ReadWhole(longer, format))
                .Message.ShouldContain("3 bytes follow");
            TransactionView view = TransactionReader.Read(longer, format, out int length);
            length.ShouldBe(raw.Length);
            view.Raw.ToArray().ShouldBe(raw);
        }
    }

    [Fact]
    public void Random_bytes_are_a_view_or_malformed()
    {
        var inputs = from bytes in Bytes.ArrayOf()
                     from version in Gen.Choose(0, 5)
                     from format in TransactionFormats
                     select (bytes, version, format);
        int valid = 0;
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            // With zeros behind, which are counts and scripts of nothing, some of them come to a good end.
            byte[] raw = [(byte)input.version, 0, 0, 0, .. input.bytes, .. new byte[100]];
            if (BlockWalk.TryBeginning(raw, input.format)) valid++;
            BlockWalk.TryTransaction(raw, input.format);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(200));
        valid.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Random_blocks_are_a_view_or_malformed()
    {
        var inputs = from bytes in Bytes.ArrayOf()
                     from header in Bytes.ArrayOf(BlockHeader.Size)
                     from blockFormat in BlockFormats
                     from format in TransactionFormats
                     select (bytes, header, blockFormat, format);
        Prop.ForAll(inputs.ToArbitrary(), static input =>
        {
            BlockWalk.TryBlock([.. input.header, .. input.bytes], input.blockFormat, input.format);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(200));
    }

    [Fact]
    public void A_block_with_changed_bytes_is_a_view_or_malformed()
    {
        var mutations = from vector in Gen.Elements(ChainVectors.Blocks.AsEnumerable())
                        from changes in (from at in Gen.Choose(0, vector.Raw.Length - 1) from value in Bytes select (at, value)).ArrayOf(3)
                        select (vector, changes);
        int valid = 0;
        int malformed = 0;
        Prop.ForAll(mutations.ToArbitrary(), mutation =>
        {
            byte[] raw = [.. mutation.vector.Raw];
            foreach ((int at, byte value) in mutation.changes)
                raw[at] = value;
            if (BlockWalk.TryBlock(raw, mutation.vector.BlockFormat, mutation.vector.TransactionFormat)) valid++;
            else malformed++;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

        // Most bytes are hashes and signatures, which may be anything; the others hold the block together.
        valid.ShouldBeGreaterThan(100);
        malformed.ShouldBeGreaterThan(100);
    }

    // Counts of inputs, outputs, witness items, transactions and script lengths, written as 2, 4 and 8 bytes.
    [Theory]
    [InlineData("fdffff")]
    [InlineData("feffffffff")]
    [InlineData("feffffff7f")]
    [InlineData("ff0000000001000000")]
    [InlineData("ffffffffffffffff7f")]
    [InlineData("ffffffffffffffffff")]
    public void A_forged_count_costs_neither_memory_nor_time(string countHex)
    {
        byte[] count = Convert.FromHexString(countHex);
        byte[] padding = new byte[200];
        byte[] header = new byte[BlockHeader.Size];
        byte[] version = [2, 0, 0, 0];
        byte[] input = new byte[41];
        byte[] output = new byte[9];

        Refused([.. version, .. count, .. padding], TransactionFormat.Plain);
        Refused([.. version, 1, .. input, .. count, .. padding], TransactionFormat.Plain);
        Refused([.. version, 1, .. input.AsSpan(0, 36), .. count, .. padding], TransactionFormat.Plain);
        Refused([.. version, 1, .. input, 1, .. output.AsSpan(0, 8), .. count, .. padding], TransactionFormat.Plain);
        Refused([.. version, 0, 1, .. count, .. padding], TransactionFormat.Segwit);
        Refused([.. version, 0, 1, 1, .. input, 1, .. output, .. count, .. padding], TransactionFormat.Segwit);
        Refused([.. version, 0, 1, 1, .. input, 1, .. output, 1, .. count, .. padding], TransactionFormat.Segwit);

        byte[] block = [.. header, .. count, .. padding];
        Should.Throw<MalformedBlockException>(() => new BlockReader(block, BlockFormat.Posv, TransactionFormat.Posv).TransactionCount)
            .Message.ShouldContain("does not fit");
        block = RawTransaction.Block(RawTransaction.Simple(1));
        block[0] = 3;
        BlockWalk.TryBlock([.. block, .. count, .. padding], BlockFormat.Posv, TransactionFormat.Posv).ShouldBeFalse();
    }

    [Fact]
    public void A_block_without_a_transaction_is_malformed()
    {
        byte[] block = RawTransaction.Block();
        Should.Throw<MalformedBlockException>(() => new BlockReader(block, BlockFormat.Plain, TransactionFormat.Plain).TransactionCount)
            .Message.ShouldContain("not even a coinbase");
    }

    private static void Refused(byte[] raw, TransactionFormat format)
    {
        BlockWalk.TryTransaction(raw, format).ShouldBeFalse();
        long before = GC.GetAllocatedBytesForCurrentThread();
        BlockWalk.TryTransaction(raw, format).ShouldBeFalse();
        // The exception and its stack trace, nothing in proportion to the count.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 * 1024);
    }
}
