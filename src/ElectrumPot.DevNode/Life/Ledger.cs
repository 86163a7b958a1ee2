// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;

namespace ElectrumPot.Simulation;

/// <summary>Chain, mempool and wallet, kept in step. Its callers hold the lock of the node.</summary>
internal sealed class Ledger
{
    public Ledger(DevNodeOptions options, Lock gate)
    {
        Options = options;
        Coin = CoinRegistry.BuiltIn.Get("potcoin");
        Chain = new DevChain(gate);
        Mempool = new DevMempool(gate);
        Rules = new AcceptanceRules(Chain, Mempool, options, Coin);
        Keys = new KeyRing(options.Seed);
        Random = new DeterministicRandom(options.Seed);
    }

    public DevNodeOptions Options { get; }

    public Coin Coin { get; }

    public DevChain Chain { get; }

    public DevMempool Mempool { get; }

    public AcceptanceRules Rules { get; }

    public DevWallet Wallet { get; } = new();

    public KeyRing Keys { get; }

    public DeterministicRandom Random { get; }

    /// <summary>Seconds since 1970.</summary>
    public uint Now => (uint)Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    public bool NextIsProofOfStake => Options.Version != DevNodeVersion.Pow0864 && Chain.Height >= Options.LastPowHeight;

    public TransactionRefusal Accept(DevTransaction transaction, bool trusted, bool allowHighFees = false)
    {
        TransactionRefusal refusal = Rules.Check(transaction, trusted, allowHighFees, out long fee);
        if (refusal == TransactionRefusal.None)
        {
            Mempool.Add(new MempoolEntry(transaction, fee, Now, Chain.Height));
            Wallet.Follow(transaction, UnspentOutput.InMempool);
        }

        return refusal;
    }

    public void Connect(DevBlock block)
    {
        int waiting = Mempool.Count;
        int included = block.Transactions.Count(transaction => Mempool.Find(transaction.Txid) is not null);
        Chain.Connect(block);
        Mempool.RemoveForBlock(block);
        foreach (DevTransaction transaction in block.Transactions)
            Wallet.Follow(transaction, block.Height);
        // Conflicting transactions took outputs out of the wallet and put others in.
        if (waiting - Mempool.Count != included)
            Wallet.Rebuild(Chain, Mempool);
    }
}
