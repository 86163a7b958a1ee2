// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>Makes the next block of either era out of the mempool.</summary>
/// <remarks>
/// Rewards are simpler than potcoind's: proof of work 420 POT halved every 280,000 blocks, proof of stake 1/5000 of the
/// staked output; fees are added to both.
/// </remarks>
internal sealed class Miner(Ledger ledger)
{
    /// <summary>Keys 0 to 9 stake; payments mostly leave their outputs alone.</summary>
    public const int StakerKeys = 10;

    private const int MinerKeys = 5;
    private const uint PowBits = 0x207fffff;
    private const uint PosBits = 0x1f00ffff;
    private const int MaxTransactionBytes = 990_000;
    private const long OnePot = 100_000_000;

    /// <summary>Seconds by which a transaction may be younger than the tip without waiting for the clock: times run backwards here.</summary>
    public const uint Ahead = 3600;

    private int _extraNonce;

    /// <exception cref="InvalidOperationException">Proof of stake, and there is no mature output left to stake.</exception>
    public DevBlock Mine()
    {
        while (true)
        {
            DevBlock block = ledger.NextIsProofOfStake ? MakeStakeBlock() : MakeWorkBlock();
            // After a reorg the same stake in the same second would make the very block that has just become stale.
            if (ledger.Chain.FindBlock(block.Hash) is not null) continue;
            ledger.Connect(block);
            return block;
        }
    }

    private DevBlock MakeWorkBlock()
    {
        const int Halving = 280_000;
        DevBlock tip = ledger.Chain.Tip;
        int height = tip.Height + 1;
        uint time = NextTime();
        List<DevTransaction> transactions = SelectTransactions(time, out long fees);
        long subsidy = 420 * OnePot >> (height / Halving);
        (int blockVersion, int transactionVersion) = VersionsAt(height);

        int extraNonce = ++_extraNonce;
        byte[] flags = ScriptBuilder.Push(Encoding.ASCII.GetBytes("/P2SH/"));
        byte[] coinbaseScript = blockVersion == 1
            ? [.. ScriptBuilder.Number((int)time), .. ScriptBuilder.Number(extraNonce), .. flags]
            : [.. ScriptBuilder.Number(height), .. ScriptBuilder.Number(extraNonce), .. flags];
        // Two of three go to stakers, so that the second era has something to start from.
        DevKey key = ledger.Keys[ledger.Random.OneIn(3) ? StakerKeys + ledger.Random.Below(MinerKeys) : ledger.Random.Below(StakerKeys)];
        byte[] script = ledger.Wallet.Learn(SpendRecipe.PublicKey(key));
        var coinbase = new DevTransaction(
            transactionVersion, [new TxInput(NullOutPoint, coinbaseScript)], [new TxOutput(subsidy + fees, script)]);
        transactions.Insert(0, coinbase);
        for (uint nonce = 0; ; nonce++)
        {
            var block = DevBlock.Create(tip, blockVersion, time, PowBits, nonce, transactions, subsidy, sign: null);
            // Target 7fffff: the topmost bit of the number decides.
            if (ScryptPow.Hash(block.Raw).Bytes[^1] < 0x80)
                return block;
        }
    }

    private DevBlock MakeStakeBlock()
    {
        DevBlock tip = ledger.Chain.Tip;
        uint time = NextTime();
        List<DevTransaction> transactions = SelectTransactions(time, out long fees);
        UnspentOutput stake = ChooseStake(time);
        DevKey key = ledger.Wallet.RecipeOf(stake).StakingKey!;
        byte[] script = ledger.Wallet.Learn(SpendRecipe.PublicKey(key));
        long mint = stake.Value / 5000;
        long total = stake.Value + mint + fees;

        var outputs = new List<TxOutput> { new(0, []) };
        if (ledger.Random.OneIn(8))
        {
            outputs.Add(new TxOutput(total / 2, script));
            outputs.Add(new TxOutput(total - (total / 2), script));
        }
        else
        {
            outputs.Add(new TxOutput(total, script));
        }

        const int PosTransactionVersion = 4;
        var coinbase = new DevTransaction(PosTransactionVersion, [new TxInput(NullOutPoint, [0, 0])], [new TxOutput(0, [])], lockTime: 0, time);
        transactions.InsertRange(0, [coinbase, ledger.Wallet.Sign(PosTransactionVersion, [stake], outputs, time)]);
        // 0.8.7.2 makes version 3, 0.9.5.0 version 4; both live on one network.
        int version = ledger.Random.OneIn(4) ? 4 : 3;
        return DevBlock.Create(tip, version, time, PosBits, nonce: 0, transactions, mint, key.Sign);
    }

    private static OutPoint NullOutPoint => new(Hash256.Zero, OutPoint.NullIndex);

    /// <summary>Clients came and went during the first era: version 1 first, then blocks of version 2, then transactions of version 3.</summary>
    private (int Block, int Transaction) VersionsAt(int height)
    {
        if (ledger.Options.Version == DevNodeVersion.Pow0864) return (2, 1);
        int third = ledger.Options.LastPowHeight / 3;
        return height <= third ? (1, 1) : height <= 2 * third ? (2, 1) : (2, 3);
    }

    /// <summary>Version for a transaction that should fit into the next block.</summary>
    public int NextTransactionVersion => ledger.NextIsProofOfStake ? 4 : VersionsAt(ledger.Chain.Height + 1).Transaction;

    /// <summary>
    /// In proof of stake the time may repeat or run backwards as long as it stays above the median of eleven; it does so
    /// here more often than on mainnet, and three blocks of one second come early in every chain.
    /// </summary>
    private uint NextTime()
    {
        DevBlock tip = ledger.Chain.Tip;
        uint last = tip.Header.Time;
        int blocksIntoStake = tip.Height + 1 - ledger.Options.LastPowHeight;
        bool isLive = ledger.Options.UseClock && tip.Height >= ledger.Options.BlockCount;
        uint time = isLive ? Math.Max(ledger.Now, last + 1) : last + (uint)ledger.Random.Between(25, 55);
        if (ledger.Options.UseClock && tip.Height == 0)
            time = ledger.Now - (uint)(40 * ledger.Options.BlockCount);
        if (ledger.NextIsProofOfStake)
        {
            if (blocksIntoStake is 5 or 6 || ledger.Random.OneIn(8))
                time = last;
            else if (ledger.Random.OneIn(6))
                time = last - (uint)ledger.Random.Between(1, 20);
        }

        time = Math.Max(time, ledger.Chain.MedianTimePast() + 1);
        // A block must not be older than what it includes; what lies in the future waits.
        uint newest = ledger.Mempool.Entries.Select(entry => entry.Transaction.Time)
            .Where(included => included <= Math.Max(last + Ahead, ledger.Now)).DefaultIfEmpty().Max();
        return Math.Max(time, newest);
    }

    private List<DevTransaction> SelectTransactions(uint time, out long fees)
    {
        const int LastVersionWithoutTime = 3;
        var selected = new List<DevTransaction>();
        var available = new HashSet<OutPoint>();
        int size = 0;
        fees = 0;
        foreach (MempoolEntry entry in ledger.Mempool.Entries)
        {
            DevTransaction transaction = entry.Transaction;
            if (transaction.Time > time || size + transaction.Raw.Length > MaxTransactionBytes) continue;
            if (ledger.NextIsProofOfStake && transaction.Version <= LastVersionWithoutTime) continue;
            if (!transaction.Inputs.All(input => available.Contains(input.PreviousOutput) || CanSpend(input.PreviousOutput, transaction))) continue;
            for (int i = 0; i < transaction.Outputs.Count; i++)
                available.Add(new OutPoint(transaction.Txid, (uint)i));
            selected.Add(transaction);
            size += transaction.Raw.Length;
            fees += entry.Fee;
        }

        return selected;
    }

    private bool CanSpend(OutPoint outPoint, DevTransaction spender) =>
        ledger.Chain.FindUnspent(outPoint) is { } output && ledger.Rules.IsMature(output) && (!spender.HasTime || output.Time <= spender.Time);

    private UnspentOutput ChooseStake(uint time)
    {
        int start = ledger.Random.Below(Math.Max(ledger.Wallet.Outputs.Count, 1));
        return FindStake(start, time, IsStakersOutput)
            ?? FindStake(start, time, output => ledger.Wallet.RecipeOf(output).StakingKey is not null)
            ?? throw new InvalidOperationException("There is no mature output to stake; a longer proof-of-work era (LastPowHeight) makes more.");
    }

    private UnspentOutput? FindStake(int start, uint time, Func<UnspentOutput, bool> isSuitable)
    {
        IReadOnlyList<UnspentOutput> outputs = ledger.Wallet.Outputs;
        for (int i = 0; i < outputs.Count; i++)
        {
            UnspentOutput output = outputs[(start + i) % outputs.Count];
            if (output.Height != UnspentOutput.InMempool && output.Value >= OnePot && output.Time <= time
                && ledger.Rules.IsMature(output) && isSuitable(output))
                return output;
        }

        return null;
    }

    public bool IsStakersOutput(UnspentOutput output)
    {
        DevKey? key = ledger.Wallet.RecipeOf(output).StakingKey;
        for (int i = 0; key is not null && i < StakerKeys; i++)
        {
            if (ReferenceEquals(key, ledger.Keys[i])) return true;
        }

        return false;
    }
}
