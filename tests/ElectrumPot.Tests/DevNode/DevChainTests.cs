// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>The chain itself, read back with the readers of the product.</summary>
public sealed class DevChainTests(DevChainFixture fixture) : IClassFixture<DevChainFixture>
{
    private readonly DevNode _node = fixture.Node;

    private IReadOnlyList<DevBlock> Blocks => fixture.Blocks;

    [Fact]
    public void The_chain_of_seed_one_is_this_one()
    {
        // A new hash here means that every chain of every seed has changed, and with it whatever tests and
        // benchmarks have measured on them. Change it only on purpose.
        Blocks[^1].Hash.ToString().ShouldBe("f5115ded17a88229326e2f269faded4536fe9a64bf3dfb44ff520e96fabe7ff9");
    }

    [Fact]
    public async Task Same_seed_makes_the_same_chain_byte_for_byte_and_another_seed_another()
    {
        var small = new DevNodeOptions { BlockCount = 40, LastPowHeight = 20, LargeBlockTransactions = 0 };
        await using DevNode first = await DevNode.StartAsync(small, TestContext.Current.CancellationToken);
        await using DevNode second = await DevNode.StartAsync(small, TestContext.Current.CancellationToken);
        await using DevNode other = await DevNode.StartAsync(small with { Seed = 2 }, TestContext.Current.CancellationToken);

        for (int height = 0; height <= 40; height++)
            second.Chain.BlockAt(height).Raw.ShouldBe(first.Chain.BlockAt(height).Raw);
        other.Chain.Tip.Hash.ShouldNotBe(first.Chain.Tip.Hash);

        first.AddRandomTransactions(5);
        second.AddRandomTransactions(5);
        first.Reorg(3, 4);
        second.Reorg(3, 4);
        second.Chain.Tip.Raw.ShouldBe(first.Chain.Tip.Raw);
    }

    [Fact]
    public void Genesis_is_that_of_mainnet()
    {
        Blocks[0].Hash.ShouldBe(_node.Coin.GenesisHash);
        Blocks[0].Raw.Length.ShouldBe(272);
    }

    [Fact]
    public void Every_block_parses_links_and_has_the_merkle_root_of_its_transactions()
    {
        for (int height = 0; height < Blocks.Count; height++)
        {
            DevBlock block = Blocks[height];
            block.Height.ShouldBe(height);
            var reader = new BlockReader(block.Raw, _node.Coin.BlockFormat, _node.Coin.TransactionFormat);
            var leaves = new List<Hash256>();
            while (reader.TryReadTransaction(out TransactionView transaction))
            {
                leaves.Add(transaction.ComputeTxid());
                leaves[^1].ShouldBe(block.Transactions[leaves.Count - 1].Txid);
            }

            reader.Signature.ToArray().ShouldBe(block.Signature);
            MerkleTree.FoldRoot(leaves.ToArray()).ShouldBe(block.Header.MerkleRoot);
            BlockHeader.HashOf(block.Raw).ShouldBe(block.Hash);
            if (height > 0)
                block.Header.PreviousHash.ShouldBe(Blocks[height - 1].Hash);
        }
    }

    [Fact]
    public void Work_and_versions_follow_the_eras()
    {
        int last = _node.Options.LastPowHeight;
        foreach (DevBlock block in Blocks.Skip(1))
        {
            if (block.Height <= last)
            {
                block.IsProofOfStake.ShouldBeFalse();
                block.Header.Version.ShouldBeInRange(1, 2);
                block.Transactions.ShouldAllBe(transaction => transaction.Version == 1 || transaction.Version == 3);
                ScryptPow.Hash(block.Raw).Bytes[^1].ShouldBeLessThan((byte)0x80);
            }
            else
            {
                block.IsProofOfStake.ShouldBeTrue();
                block.Header.Version.ShouldBeInRange(3, 4);
                block.Transactions.ShouldAllBe(transaction => transaction.Version == 4);
            }
        }

        Blocks.Select(block => block.Header.Version).Distinct().Order().ShouldBe([1, 2, 3, 4]);
        Blocks.SelectMany(block => block.Transactions).Select(transaction => transaction.Version).Distinct().Order().ShouldBe([1, 3, 4]);
    }

    [Fact]
    public void Stake_blocks_have_the_recorded_shape_and_a_signature_by_the_stakers_key()
    {
        foreach (DevBlock block in Blocks.Where(block => block.IsProofOfStake))
        {
            DevTransaction coinbase = block.Transactions[0];
            coinbase.Inputs.ShouldHaveSingleItem().Script.ShouldBe([0, 0]);
            coinbase.Outputs.ShouldHaveSingleItem().ShouldSatisfyAllConditions(output => output.Value.ShouldBe(0), output => output.Script.ShouldBeEmpty());
            DevTransaction coinstake = block.Transactions[1];
            coinstake.IsCoinstake.ShouldBeTrue();
            coinstake.Outputs.Count.ShouldBeInRange(2, 3);
            coinbase.Time.ShouldBe(block.Header.Time);
            coinstake.Time.ShouldBe(block.Header.Time);
            block.Transactions.ShouldAllBe(transaction => transaction.Time <= block.Header.Time);

            byte[] script = coinstake.Outputs[1].Script;
            EcdsaVerifier.Verify(script.AsSpan(1, script[0]), block.Signature, block.Hash).ShouldBeTrue();
        }
    }

    [Fact]
    public void Three_stake_blocks_in_a_row_share_their_coinbase_txid_and_others_do_too()
    {
        Hash256[] coinbases = [.. Blocks.Where(block => block.IsProofOfStake).Select(block => block.Transactions[0].Txid)];
        Enumerable.Range(2, coinbases.Length - 2).ShouldContain(i => coinbases[i] == coinbases[i - 1] && coinbases[i] == coinbases[i - 2]);
        (coinbases.Length - coinbases.Distinct().Count()).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Block_times_run_backwards_but_stay_above_the_median_of_eleven()
    {
        Blocks.Zip(Blocks.Skip(1)).ShouldContain(pair => pair.Second.Header.Time < pair.First.Header.Time);
        for (int height = 11; height < Blocks.Count; height++)
        {
            uint median = Blocks.Skip(height - 11).Take(11).Select(block => block.Header.Time).Order().ElementAt(5);
            Blocks[height].Header.Time.ShouldBeGreaterThan(median);
        }
    }

    [Fact]
    public void Every_input_spends_a_mature_unspent_output_with_valid_scripts_and_creates_no_coins()
    {
        var unspent = new Dictionary<OutPoint, (TxOutput Output, int Height, bool IsReward, uint Time)>();
        foreach (DevBlock block in Blocks.Skip(1))
        {
            foreach (DevTransaction transaction in block.Transactions)
            {
                bool isReward = transaction.IsCoinbase || transaction.IsCoinstake;
                long balance = -transaction.Outputs.Sum(output => output.Value);
                for (int i = 0; i < transaction.Inputs.Count && !transaction.IsCoinbase; i++)
                {
                    unspent.Remove(transaction.Inputs[i].PreviousOutput, out var spent).ShouldBeTrue();
                    ScriptInterpreter.Verify(transaction, i, spent.Output.Script).ShouldBeTrue();
                    if (spent.IsReward)
                        (block.Height - spent.Height).ShouldBeGreaterThanOrEqualTo(_node.Coin.BlockMatureConfirms);
                    if (transaction.HasTime)
                        transaction.Time.ShouldBeGreaterThanOrEqualTo(spent.Time);
                    balance += spent.Output.Value;
                }

                if (!isReward)
                    balance.ShouldBeGreaterThanOrEqualTo(0);
                for (int i = 0; i < transaction.Outputs.Count; i++)
                    unspent[new OutPoint(transaction.Txid, (uint)i)] = (transaction.Outputs[i], block.Height, isReward, transaction.Time);
            }
        }

        unspent.Values.Sum(entry => entry.Output.Value).ShouldBe(Blocks[^1].MoneySupply - Blocks[0].MoneySupply);
        _node.Chain.UnspentOutputs.Count.ShouldBe(unspent.Values.Count(entry => entry.Output.Script is not ([] or [0x6a, ..])));
    }

    [Fact]
    public void All_kinds_of_scripts_occur_in_both_eras_and_some_are_spent()
    {
        var outputs = Blocks.Skip(1).SelectMany(block => block.Transactions)
            .SelectMany(transaction => transaction.Outputs.Select((output, i) => (OutPoint: new OutPoint(transaction.Txid, (uint)i), output.Script, transaction.Version, output.Value)))
            .ToList();
        var spent = Blocks.SelectMany(block => block.Transactions).SelectMany(transaction => transaction.Inputs).Select(input => input.PreviousOutput).ToHashSet();

        foreach (bool isStakeEra in new[] { false, true })
        {
            var ofEra = outputs.Where(output => output.Version == 4 == isStakeEra).ToList();
            var kinds = ofEra.GroupBy(output => KindOf(output.Script)).ToDictionary(group => group.Key, group => group.ToList());
            kinds.Keys.ShouldBe(
                ["p2pkh", "p2pk compressed", "p2pk uncompressed", "p2sh", "multisig", "null data", "other", "p2pkh with nop"], ignoreOrder: true);
            foreach (string kind in kinds.Keys.Except(["null data"]))
                kinds[kind].ShouldContain(output => spent.Contains(output.OutPoint), $"{kind} is never spent");
            ofEra.ShouldContain(output => output.Value == 0 && KindOf(output.Script) == "p2pkh");
        }

        outputs.GroupBy(output => Convert.ToHexString(output.Script)).Count(group => group.Count() > 50).ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Blocks_have_from_one_to_hundreds_of_transactions_and_chains_within_a_block()
    {
        Blocks.Min(block => block.Transactions.Count).ShouldBe(1);
        Blocks.Max(block => block.Transactions.Count).ShouldBeGreaterThan(100);
        Blocks.Count(HasChainWithinItself).ShouldBeGreaterThan(5);
    }

    private static bool HasChainWithinItself(DevBlock block)
    {
        var txids = block.Transactions.Select(transaction => transaction.Txid).ToHashSet();
        return block.Transactions.SelectMany(transaction => transaction.Inputs).Any(input => txids.Contains(input.PreviousOutput.Txid));
    }

    private static string KindOf(byte[] script)
    {
        Span<byte> hash = stackalloc byte[20];
        return OutputScript.Classify(script, hash) switch
        {
            ScriptKind.PayToPublicKeyHash => script[^1] == 0x61 ? "p2pkh with nop" : "p2pkh",
            ScriptKind.PayToPublicKey => script.Length < 40 ? "p2pk compressed" : "p2pk uncompressed",
            ScriptKind.PayToScriptHash => "p2sh",
            _ when script is [.., 0xae] => "multisig",
            _ when OutputScript.IsUnspendable(script) => "null data",
            _ => "other",
        };
    }
}

/// <summary>One default chain for all the tests that only read it.</summary>
public sealed class DevChainFixture : IAsyncLifetime
{
    public DevNode Node { get; private set; } = null!;

    public IReadOnlyList<DevBlock> Blocks { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Node = await DevNode.StartAsync(new DevNodeOptions { BlockCount = 160, LastPowHeight = 75, LargeBlockTransactions = 110 }, TestContext.Current.CancellationToken);
        Blocks = Node.Chain.Blocks;
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
