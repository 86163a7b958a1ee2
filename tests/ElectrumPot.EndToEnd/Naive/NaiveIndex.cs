// SPDX-License-Identifier: MIT

// Where something happens; tuples compare in the order in which it happens, the mempool is above every height.
using Place = (int Height, int Position, int Input);

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>
/// The answers a server must give, recomputed from all blocks and the mempool by going through everything each time.
/// It knows the rules of the protocol and nothing of how the product stores anything.
/// </summary>
internal sealed class NaiveIndex
{
    private readonly Dictionary<NaiveOutpoint, Coin> _coins = [];
    private readonly Dictionary<string, List<Coin>> _coinsByScript = [];
    private readonly Dictionary<string, (int Height, int Position)> _places = [];
    private readonly Dictionary<string, (NaiveTransaction Transaction, NaiveEntry Entry)> _mempool = [];

    public NaiveIndex(IReadOnlyList<NaiveBlock> blocks, IReadOnlyList<NaiveTransaction> mempool)
    {
        Blocks = blocks;
        for (int height = 0; height < blocks.Count; height++)
        {
            for (int position = 0; position < blocks[height].Transactions.Count; position++)
                Confirm(blocks[height].Transactions[position], height, position);
        }

        foreach (NaiveTransaction transaction in mempool) AddOutputs(transaction, (int.MaxValue, 0, 0));
        foreach (NaiveTransaction transaction in mempool)
        {
            long fee = 0;
            foreach (NaiveOutpoint input in transaction.Inputs)
            {
                Coin coin = _coins[input];
                coin.MempoolSpender = transaction.Txid;
                fee += coin.Output.Value;
            }

            fee -= transaction.Outputs.Sum(output => output.Value);
            bool onMempool = transaction.Inputs.Any(input => _coins[input].Funding.Height == int.MaxValue);
            _mempool[transaction.Txid] = (transaction, new NaiveEntry(transaction.Txid, onMempool ? -1 : 0, fee));
        }
    }

    public IReadOnlyList<NaiveBlock> Blocks { get; }

    public int Height => Blocks.Count - 1;

    /// <summary>All script hashes that ever had a history, the mempool included.</summary>
    public IReadOnlyCollection<string> ScriptHashes => _coinsByScript.Keys;

    /// <summary>The scripts behind them.</summary>
    public IEnumerable<byte[]> Scripts => _coinsByScript.Values.Select(coins => coins[0].Output.Script);

    public IReadOnlyCollection<string> MempoolTxids => _mempool.Keys;

    public NaiveEntry MempoolEntry(string txid) => _mempool[txid].Entry;

    /// <summary>Every confirmed transaction with its place; of equal txids the last.</summary>
    public IEnumerable<(NaiveTransaction Transaction, int Height, int Position)> Confirmed =>
        _places.Select(place => (Blocks[place.Value.Height].Transactions[place.Value.Position], place.Value.Height, place.Value.Position));

    /// <summary>The history of one script, or of several that belong to one address.</summary>
    /// <param name="pruningLimit">How many spent outputs are remembered; 0 for all (semantics, Pruning).</param>
    public NaiveHistory History(int pruningLimit, params string[] scriptHashes)
    {
        List<Coin> coins = [.. scriptHashes.SelectMany(script => _coinsByScript.GetValueOrDefault(script, []))];
        List<Coin> confirmed = [.. coins.Where(coin => coin.Funding.Height != int.MaxValue)];
        IEnumerable<Coin> unspent = confirmed.Where(coin => coin.Spending is null);
        IEnumerable<Coin> spent = confirmed.Where(coin => coin.Spending is not null).OrderBy(coin => coin.Spending);
        if (pruningLimit > 0) spent = spent.TakeLast(pruningLimit);

        var places = new HashSet<Place>(unspent.Select(coin => coin.Funding));
        foreach (Coin coin in spent)
        {
            places.Add(coin.Funding);
            places.Add(coin.Spending!.Value with { Input = 0 });
        }

        var mempoolTxids = new HashSet<string>(coins.Where(coin => coin.Funding.Height == int.MaxValue).Select(coin => coin.Outpoint.Txid));
        mempoolTxids.UnionWith(coins.Select(coin => coin.MempoolSpender).OfType<string>());

        return new NaiveHistory(
            [.. places.Order().Select(place => new NaiveEntry(Blocks[place.Height].Transactions[place.Position].Txid, place.Height))],
            [.. mempoolTxids.Select(txid => _mempool[txid].Entry).OrderByDescending(entry => entry.Height).ThenBy(entry => entry.Txid, StringComparer.Ordinal)],
            [
                .. confirmed.Where(coin => coin is { Spending: null, MempoolSpender: null })
                    .OrderBy(coin => coin.Funding).ThenBy(coin => coin.Outpoint.Index)
                    .Select(coin => new NaiveUnspent(coin.Outpoint.Txid, coin.Outpoint.Index, coin.Funding.Height, coin.Output.Value)),
                .. coins.Where(coin => coin.Funding.Height == int.MaxValue && coin.MempoolSpender is null)
                    .OrderBy(coin => coin.Outpoint.Txid, StringComparer.Ordinal).ThenBy(coin => coin.Outpoint.Index)
                    .Select(coin => new NaiveUnspent(coin.Outpoint.Txid, coin.Outpoint.Index, 0, coin.Output.Value)),
            ],
            unspent.Sum(coin => coin.Output.Value),
            coins.Where(coin => coin.Funding.Height == int.MaxValue).Sum(coin => coin.Output.Value)
            - coins.Where(coin => coin.MempoolSpender is not null).Sum(coin => coin.Output.Value));
    }

    private void Confirm(NaiveTransaction transaction, int height, int position)
    {
        if (!transaction.IsCoinbase)
        {
            for (int input = 0; input < transaction.Inputs.Count; input++)
                _coins[transaction.Inputs[input]].Spending = (height, position, input);
        }

        _places[transaction.Txid] = (height, position);
        // The first coinbase of every chain of this family cannot be spent, and no server lists it.
        if (height > 0) AddOutputs(transaction, (height, position, 0));
    }

    private void AddOutputs(NaiveTransaction transaction, Place funding)
    {
        for (int index = 0; index < transaction.Outputs.Count; index++)
        {
            NaiveOutput output = transaction.Outputs[index];
            var coin = new Coin(new NaiveOutpoint(transaction.Txid, (uint)index), output, funding);
            _coins[coin.Outpoint] = coin;
            if (!NaiveScript.HasHistory(output)) continue;

            string script = NaiveScript.HashOf(output.Script);
            if (!_coinsByScript.TryGetValue(script, out List<Coin>? coins)) _coinsByScript[script] = coins = [];
            coins.Add(coin);
        }
    }

    private sealed class Coin(NaiveOutpoint outpoint, NaiveOutput output, Place funding)
    {
        public NaiveOutpoint Outpoint => outpoint;

        public NaiveOutput Output => output;

        public Place Funding => funding;

        public Place? Spending { get; set; }

        public string? MempoolSpender { get; set; }
    }
}
