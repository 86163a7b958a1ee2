// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Parsing;

public sealed class BlockReaderTests
{
    [Theory]
    [InlineData(BlockFormat.Plain, TransactionFormat.Plain)]
    [InlineData(BlockFormat.Plain, TransactionFormat.Segwit)]
    [InlineData(BlockFormat.Posv, TransactionFormat.Posv)]
    public void A_large_block_with_its_txids_is_read_without_allocating(BlockFormat blockFormat, TransactionFormat transactionFormat)
    {
        byte[] witnessed = ChainVectors.Segwit.GetProperty("segwit_block").GetProperty("txs")[1].Bytes("hex");
        bool isSegwit = transactionFormat == TransactionFormat.Segwit;
        byte[] block = RawTransaction.Block(
            [.. Enumerable.Range(0, 5000).Select(seed => isSegwit && seed % 2 == 1 ? witnessed : RawTransaction.Simple(seed, 107))]);
        block.Length.ShouldBeGreaterThan(1_000_000);
        long expected = BlockWalk.Block(block, blockFormat, transactionFormat);

        long sum = 0;
        Allocation.Of(() => sum = BlockWalk.Block(block, blockFormat, transactionFormat)).ShouldBe(0);
        sum.ShouldBe(expected);
    }

    // Counts and script lengths whose prefix changes its width.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(252, 252)]
    [InlineData(253, 253)]
    [InlineData(2, 65_535)]
    [InlineData(2, 65_536)]
    [InlineData(65_536, 1)]
    public void Counts_and_scripts_of_every_width_are_read(int count, int scriptLength)
    {
        byte[][] transactions = [.. Enumerable.Range(0, count).Select(seed => RawTransaction.Simple(seed, scriptLength))];
        byte[] block = RawTransaction.Block(transactions);
        var reader = new BlockReader(block, BlockFormat.Plain, TransactionFormat.Plain);
        reader.TransactionCount.ShouldBe(count);
        int at = 0;
        while (reader.TryReadTransaction(out TransactionView transaction))
        {
            if (!transaction.Raw.SequenceEqual(transactions[at]))
                throw new InvalidOperationException($"Transaction {at} differs.");
            at++;
        }

        at.ShouldBe(count);
        reader.Position.ShouldBe(block.Length);
    }

    [Fact]
    public void Many_inputs_and_outputs_keep_their_order()
    {
        const int Count = 300;
        RawTransaction raw = new RawTransaction().Int32(1).Count(Count);
        for (int i = 0; i < Count; i++)
            raw.Input(SHA256.HashData([(byte)i]), i, new byte[i], sequence: i * 3);
        raw.Count(Count);
        for (int i = 0; i < Count; i++)
            raw.Output(i * 1_000_000_000_000L, new byte[i]);
        TransactionView transaction = TransactionReader.ReadWhole(raw.Int32(17).ToArray(), TransactionFormat.Plain);

        int at = 0;
        foreach (InputView input in transaction.Inputs)
        {
            input.PreviousOutput.ShouldBe(new OutPoint(new Hash256(SHA256.HashData([(byte)at])), (uint)at));
            input.Script.Length.ShouldBe(at);
            input.Sequence.ShouldBe((uint)at * 3);
            at++;
        }

        at.ShouldBe(Count);
        at = 0;
        foreach (OutputView output in transaction.Outputs)
        {
            output.Value.ShouldBe(at * 1_000_000_000_000L);
            output.Script.Length.ShouldBe(at++);
        }

        at.ShouldBe(Count);
        transaction.LockTime.ShouldBe(17u);
        transaction.IsCoinbase.ShouldBeFalse();
    }

    [Fact]
    public void Messages_count_bytes_from_the_beginning_of_the_block()
    {
        byte[] first = RawTransaction.Simple(1);
        byte[] block = RawTransaction.Block(first, RawTransaction.Simple(2));
        int inputCount = BlockHeader.Size + 1 + first.Length + 4;
        block[inputCount] = 0xfc;
        Should.Throw<MalformedBlockException>(() => BlockWalk.Block(block, BlockFormat.Plain, TransactionFormat.Plain))
            .Message.ShouldStartWith($"a count of 252 at byte {inputCount + 1} does not fit");
    }

    [Fact]
    public void Bytes_after_the_block_are_named_with_the_version()
    {
        byte[] block = [.. RawTransaction.Block(RawTransaction.Simple(1)), 9, 9];
        Should.Throw<MalformedBlockException>(() => BlockWalk.Block(block, BlockFormat.Posv, TransactionFormat.Posv))
            .Message.ShouldBe("2 bytes follow the end of the block (version 1)");
    }
}
