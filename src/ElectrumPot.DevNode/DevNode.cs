// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>
/// A simulated potcoind: a private chain of both eras that starts with mainnet's genesis block, a mempool, and JSON-RPC
/// with the manners of the real one. All methods are safe from any thread.
/// </summary>
public sealed class DevNode : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Ledger _ledger;
    private readonly Miner _miner;
    private readonly Payments _payments;
    private readonly RpcServer _server;

    private DevNode(DevNodeOptions options)
    {
        Options = options;
        _ledger = new Ledger(options, _gate);
        _miner = new Miner(_ledger);
        _payments = new Payments(_ledger, _miner);
        _server = new RpcServer(options, Faults, new RpcMethods(_ledger, _gate, Faults, options));
    }

    public DevNodeOptions Options { get; }

    public static string Host => "127.0.0.1";

    public int Port => _server.Port;

    public Coin Coin => _ledger.Coin;

    public DevChain Chain => _ledger.Chain;

    public DevMempool Mempool => _ledger.Mempool;

    /// <summary>The keys behind the addresses of the simulation, and as many more as a test wants.</summary>
    public KeyRing Keys => _ledger.Keys;

    /// <summary>What is to go wrong; may be changed at any time.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Completes when a client has called <c>stop</c>.</summary>
    public Task Stopped => _server.Stopped;

    /// <summary>Number of connections accepted so far.</summary>
    public int ConnectionsAccepted => _server.ConnectionsAccepted;

    /// <summary>Makes the initial chain and listens.</summary>
    /// <exception cref="ArgumentException">The first era is too short for a second one.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public static async Task<DevNode> StartAsync(DevNodeOptions? options = null, CancellationToken cancellationToken = default)
    {
        var node = new DevNode(options ?? new DevNodeOptions());
        const int ShortestPowEra = 12;
        if (node.Options.LastPowHeight < ShortestPowEra)
            throw new ArgumentException($"LastPowHeight is {node.Options.LastPowHeight}; with fewer than {ShortestPowEra} blocks there is nothing to stake.", nameof(options));
        await Task.Run(() => node.MakeInitialChain(cancellationToken), cancellationToken);
        node._server.Start();
        return node;
    }

    /// <summary>Mines one block out of the mempool.</summary>
    public DevBlock MineBlock()
    {
        lock (_gate) return _miner.Mine();
    }

    public IReadOnlyList<DevBlock> MineBlocks(int count)
    {
        var blocks = new List<DevBlock>();
        for (int i = 0; i < count; i++)
            blocks.Add(MineBlock());
        return blocks;
    }

    /// <summary>
    /// Replaces the last blocks by others in one step, as a node does that learns of a better branch. The other branch has
    /// about half of the transactions, and double-spends up to <paramref name="conflicts"/> of the rest; what is still valid goes back
    /// to the mempool, coinbases, coinstakes and what depends on them are gone.
    /// </summary>
    /// <param name="depth">Blocks to disconnect.</param>
    /// <param name="newBlocks">Blocks to connect, at least one. Fewer than <paramref name="depth"/> lower the height.</param>
    /// <returns>The blocks that became stale, lowest first.</returns>
    public IReadOnlyList<DevBlock> Reorg(int depth, int newBlocks, int conflicts = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newBlocks, 1);
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, Chain.Height);
            List<MempoolEntry> waiting = Mempool.TakeAll();
            var stale = new List<DevBlock>();
            for (int i = 0; i < depth; i++)
                stale.Insert(0, Chain.DisconnectTip());
            _ledger.Wallet.Rebuild(Chain, Mempool);

            List<DevTransaction> disconnected = [.. stale.SelectMany(block => block.Transactions).Where(tx => !tx.IsCoinbase && !tx.IsCoinstake)];
            foreach (DevTransaction transaction in disconnected)
            {
                if (_ledger.Random.OneIn(2))
                    _ledger.Accept(transaction, trusted: true, allowHighFees: true);
                else if (conflicts > 0 && _payments.AddConflictOf(transaction) is not null)
                    conflicts--;
            }

            for (int i = 0; i < newBlocks; i++)
                _miner.Mine();
            foreach (DevTransaction transaction in disconnected.Concat(waiting.Select(entry => entry.Transaction)))
                _ledger.Accept(transaction, trusted: true, allowHighFees: true);
            return stale;
        }
    }

    /// <summary>Puts random transactions of every kind into the mempool, some of them chains.</summary>
    /// <returns>Those that were made; fewer than asked when little is there to spend.</returns>
    public IReadOnlyList<DevTransaction> AddRandomTransactions(int count)
    {
        var made = new List<DevTransaction>();
        for (int i = 0; i < count; i++)
        {
            lock (_gate)
            {
                if (_payments.AddRandom() is { } transaction)
                    made.Add(transaction);
            }
        }

        return made;
    }

    /// <summary>A payment from the simulation to an address, into the mempool.</summary>
    /// <param name="amount">In 1e-8 POT.</param>
    public DevTransaction PayTo(string address, long amount)
    {
        lock (_gate) return _payments.PayTo(address, amount);
    }

    /// <summary>As <see cref="PayTo"/>, to any output script.</summary>
    public DevTransaction PayToScript(byte[] script, long amount)
    {
        lock (_gate) return _payments.PayToScript(script, amount);
    }

    /// <summary>What <c>sendrawtransaction</c> does, without the wire.</summary>
    /// <exception cref="MalformedBlockException">Not a transaction.</exception>
    public TransactionRefusal SubmitTransaction(ReadOnlySpan<byte> raw, out Hash256 txid)
    {
        var transaction = DevTransaction.Parse(raw, Options.Version == DevNodeVersion.Pow0864 ? TransactionFormat.Plain : TransactionFormat.Posv);
        txid = transaction.Txid;
        lock (_gate) return _ledger.Accept(transaction, trusted: false);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void MakeInitialChain(CancellationToken cancellationToken)
    {
        const int LargeBlockEvery = 100;
        const int LargeBlockAt = 85;
        while (Chain.Height < Options.BlockCount)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int next = Chain.Height + 1;
            int transactions = _ledger.Random.Below((2 * Options.TransactionsPerBlock) + 1);
            if (next % LargeBlockEvery == LargeBlockAt)
                transactions += Options.LargeBlockTransactions;
            AddRandomTransactions(transactions);
            MineBlock();
        }
    }
}
