// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Index;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Index.Model;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Index;

/// <summary>
/// The index against a naive model: random chains with reorganisations, restarts, an interrupted import and every
/// pruning limit. After every step every answer about every script has to be equal.
/// </summary>
public sealed class IndexModelTests
{
    private const int ReorgLimit = 8;

    private static readonly Coin Potcoin = CoinRegistry.BuiltIn.Get("potcoin");

    public static TheoryData<int, int> Runs()
    {
        var runs = new TheoryData<int, int>();
        foreach (int limit in new[] { 0, 1, 3, 100 })
        {
            for (int seed = 1; seed <= 4; seed++)
                runs.Add(limit, (limit * 100) + seed);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_answer_equals_the_naive_model_after_every_block(int pruningLimit, int seed)
    {
        using var run = new Run(pruningLimit, seed);
        run.Import(blocks: 25);
        run.Check();
        for (int step = 0; step < 80; step++)
        {
            run.Step();
            run.Check();
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("electrum-pot-model-").FullName;
        private readonly int _limit;
        private readonly RandomChain _chain;
        private readonly Random _random;
        private readonly BlockDigester _digester = new(Potcoin);
        private ChainIndex _index;
        private List<ModelTransaction> _mempool = [];

        public Run(int limit, int seed)
        {
            _limit = limit;
            _chain = new RandomChain(seed);
            _random = new Random(seed);
            _index = Open();
        }

        /// <summary>Without undo for deep blocks, in groups, closed and opened in between.</summary>
        public void Import(int blocks)
        {
            for (int i = 0; i < blocks; i++)
            {
                ModelBlock block = _chain.AddBlock();
                _index.Writer.Connect(Digest(block), keepUndo: i >= blocks - ReorgLimit, touched: null);
                // The buffer is so small that this writes some blocks while the next ones are connected.
                _index.Writer.CommitWhenFull();
                if (_random.Next(8) == 0)
                    _index.Writer.Commit(isDurable: false);
                if (i == blocks / 2)
                {
                    _index.Writer.Commit(isDurable: false);
                    Reopen();
                }
            }

            _index.Writer.Commit(isDurable: false);
            // The daemon may reorganise before the import is complete.
            if (_random.Next(2) == 0)
            {
                for (int i = 0; i < 2; i++)
                    _index.Writer.TryDisconnect([]).ShouldBeTrue();
                _chain.RemoveBlocks(2);
                for (int i = 0; i < 3; i++)
                    _index.Writer.Connect(Digest(_chain.AddBlock()), keepUndo: true, touched: null);
                _index.Writer.Commit(isDurable: false);
            }

            _index.Writer.CompleteImport(CancellationToken.None);
            _index.Publish(new HashSet<HashX>());
        }

        public void Step()
        {
            var before = Statuses();
            var places = new TransactionPlaces(_index, _chain.Blocks, _mempool);
            var outputs = new OutputStatuses(_index, _chain.Blocks, _mempool);
            var touched = new HashSet<HashX>();
            switch (_random.Next(8))
            {
                case 0:
                    Reorganise(touched);
                    break;
                case 1:
                    Reopen();
                    _mempool = [];
                    return;
                case <= 4:
                    Extend(touched);
                    break;
                default:
                    ChangeMempool(touched);
                    break;
            }

            _index.Publish(touched);
            EveryChangedStatusWasTouched(before, touched);
            places.EveryMoveShouldBeTouched(_chain.Blocks, _mempool, touched);
            outputs.EveryChangeShouldBeTouched(touched);
        }

        public void Check()
        {
            using ChainView view = _index.AcquireView();
            view.Height.ShouldBe(_chain.Blocks.Count - 1);
            view.TipHash.ShouldBe(_chain.TipHash);
            var naive = new NaiveChain(_chain.Blocks);
            foreach (byte[] script in ModelScripts.Indexed)
                CheckScripts(view, naive, ChainView.Resolve(ScriptHash.Of(script)), [script]);
            foreach ((byte[] canonical, byte[][] all) in ModelScripts.Addresses)
                CheckScripts(view, naive, view.ResolveAddress(canonical), all);
            CheckBlocks(view, naive);
            CheckOutputs(view, naive);
            OutpointModel.Check(view, naive, _chain.Blocks, _mempool, _limit, _random);
        }

        public void Dispose()
        {
            _index.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private void CheckScripts(ChainView view, NaiveChain naive, ScriptSet scripts, byte[][] bytes)
        {
            List<HistoryEntry> expected = [.. naive.History(bytes, _limit), .. NaiveMempool(naive, bytes)];
            view.TryGetHistory(scripts, 100_000, out IReadOnlyList<HistoryEntry>? history).ShouldBeTrue();
            history.ShouldBe(expected);
            view.TryGetStatus(scripts, 100_000, out Hash256? status).ShouldBeTrue();
            StatusText(status).ShouldBe(NaiveChain.Status(expected));
            if (expected.Count > 0)
                view.TryGetHistory(scripts, expected.Count - 1, out _).ShouldBeFalse();

            long unconfirmed = 0;
            foreach (ModelTransaction transaction in _mempool)
            {
                unconfirmed += transaction.Outputs.Where(output => ModelScripts.IsIndexed(output) && NaiveChain.Contains(bytes, output.Script)).Sum(output => output.Value);
                unconfirmed -= transaction.Inputs.Select(input => Spent(naive, input)).Where(spent => NaiveChain.Contains(bytes, spent.Script)).Sum(spent => spent.Value);
            }

            int unspentCount = naive.UnspentOf(bytes).Count;
            view.TryGetBalance(scripts, unspentCount, out Balance balance, out int entries).ShouldBeTrue();
            balance.ShouldBe(new Balance(naive.Balance(bytes), unconfirmed));
            entries.ShouldBe(unspentCount);
            view.TryGetBalance(scripts, unspentCount - 1, out _, out _).ShouldBe(unspentCount == 0);

            HashSet<OutPoint> spentInMempool = [.. _mempool.SelectMany(transaction => transaction.Inputs)];
            List<UnspentOutput> confirmed = [.. naive.UnspentOf(bytes).Where(output => !spentInMempool.Contains(new OutPoint(output.Txid, output.Index)))];
            List<UnspentOutput> pending =
            [
                .. _mempool.SelectMany(transaction => transaction.Outputs.Select((output, i) => (transaction.Txid, Index: (uint)i, Output: output)))
                    .Where(item => ModelScripts.IsIndexed(item.Output) && NaiveChain.Contains(bytes, item.Output.Script) && !spentInMempool.Contains(new OutPoint(item.Txid, item.Index)))
                    .Select(item => new UnspentOutput(item.Txid, item.Index, 0, item.Output.Value)),
            ];
            view.TryGetFirstUse(scripts, 100_000, out FirstUse? use, out _).ShouldBeTrue();
            TxLocation? first = naive.FirstUse(bytes, _limit);
            use.ShouldBe(first is { } location ? new FirstUse(naive.TxidAt(location), location.Height, _chain.Blocks[location.Height].Hash) : null);

            view.TryGetUnspent(scripts, 100_000, out IReadOnlyList<UnspentOutput>? unspent).ShouldBeTrue();
            unspent.Take(confirmed.Count).ShouldBe(confirmed);
            unspent.Skip(confirmed.Count).ShouldBe(pending, ignoreOrder: true);
        }

        private List<HistoryEntry> NaiveMempool(NaiveChain naive, byte[][] scripts)
        {
            HashSet<Hash256> ids = [.. _mempool.Select(transaction => transaction.Txid)];
            return
            [
                .. _mempool.Where(transaction =>
                        transaction.Outputs.Any(output => ModelScripts.IsIndexed(output) && NaiveChain.Contains(scripts, output.Script))
                        || transaction.Inputs.Any(input => NaiveChain.Contains(scripts, Spent(naive, input).Script)))
                    .Select(transaction => new HistoryEntry(
                        transaction.Txid,
                        transaction.Inputs.Any(input => ids.Contains(input.Txid)) ? -1 : 0,
                        transaction.Inputs.Sum(input => Spent(naive, input).Value) - transaction.Outputs.Sum(output => output.Value)))
                    .OrderBy(entry => entry.Height == 0 ? 0 : 1).ThenBy(entry => entry.Txid.ToString(), StringComparer.Ordinal),
            ];
        }

        private (byte[] Script, long Value) Spent(NaiveChain naive, OutPoint input)
        {
            if (naive.Unspent.TryGetValue(input, out (byte[] Script, long Value, TxLocation Location) confirmed)) return (confirmed.Script, confirmed.Value);
            ModelOutput output = _mempool.Single(transaction => transaction.Txid == input.Txid).Outputs[(int)input.Index];
            return (output.Script, output.Value);
        }

        private void CheckBlocks(ChainView view, NaiveChain naive)
        {
            byte[] headers = new byte[_chain.Blocks.Count * BlockHeader.Size];
            view.ReadHeaders(0, _chain.Blocks.Count + 5, new byte[headers.Length + (5 * BlockHeader.Size)]).ShouldBe(_chain.Blocks.Count);
            view.ReadHeaders(0, _chain.Blocks.Count, headers).ShouldBe(_chain.Blocks.Count);
            headers.ShouldBe(_chain.Blocks.SelectMany(block => block.Header).ToArray());

            ModelBlock some = _chain.Blocks[_random.Next(_chain.Blocks.Count)];
            view.CountTransactions(some.Height).ShouldBe(some.Transactions.Count);
            int position = _random.Next(some.Transactions.Count);
            Hash256 txid = some.Transactions[position].Txid;
            view.TryGetTxid(some.Height, position, out Hash256 found).ShouldBeTrue();
            found.ShouldBe(txid);
            view.TryGetMerkleProof(txid, some.Height, out MerkleProof? proof).ShouldBeTrue();
            proof.Position.ShouldBe(position);
            MerkleTree.RootOf(txid, proof.Position, proof.Branch).ShouldBe(BlockHeader.Parse(some.Header).MerkleRoot);
            view.TryFindTransaction(txid, out TxLocation location).ShouldBeTrue();
            location.ShouldBe(naive.Find(txid)!.Value);
            view.TryGetTxid(some.Height, some.Transactions.Count, out _).ShouldBeFalse();
            view.TryGetMerkleProof(txid, _chain.Blocks.Count, out _).ShouldBeFalse();

            view.TryGetHeaderProof(some.Height, view.Height, 0, out HeaderProof? headerProof).ShouldBeTrue();
            MerkleTree.RootOf(some.Hash, some.Height, headerProof.Branch).ShouldBe(headerProof.Root);
            headerProof.Root.ShouldBe(MerkleTree.FoldRoot(_chain.Blocks.Select(block => block.Hash).ToArray()));
        }

        private static void CheckOutputs(ChainView view, NaiveChain naive)
        {
            foreach ((OutPoint outPoint, (byte[] script, long value, _)) in naive.Unspent)
            {
                bool isUnspent = view.TryGetUnspentScript(outPoint, out HashX hashX, out long found);
                if (!isUnspent) continue;
                hashX.ShouldBe(HashX.OfScript(script));
                found.ShouldBe(value);
            }
        }

        private void Extend(HashSet<HashX> touched)
        {
            BlockDigest digest = Digest(_chain.AddBlock());
            _index.Writer.Connect(digest, keepUndo: true, touched);
            _index.Mempool.Connect(digest, touched);
            _index.Writer.Commit(isDurable: false);
            // Random blocks know nothing of the mempool: drop from the model what the new blocks made impossible.
            HashSet<OutPoint> available = [.. new NaiveChain(_chain.Blocks).Unspent.Keys];
            var kept = new List<ModelTransaction>();
            foreach (ModelTransaction transaction in _mempool.Where(transaction => transaction.Inputs.All(available.Contains)))
            {
                kept.Add(transaction);
                for (int index = 0; index < transaction.Outputs.Count; index++) available.Add(new OutPoint(transaction.Txid, (uint)index));
            }

            _mempool = kept;
        }

        private void Reorganise(HashSet<HashX> touched)
        {
            int depth = 1 + _random.Next(Math.Min(ReorgLimit, _chain.Blocks.Count - 2));
            _index.Mempool.Rewind(touched);
            for (int i = 0; i < depth; i++)
                _index.Writer.TryDisconnect(touched).ShouldBeTrue();
            _chain.RemoveBlocks(depth);
            for (int i = 0; i <= depth; i++)
                _index.Writer.Connect(Digest(_chain.AddBlock()), keepUndo: true, touched);
            _index.Writer.Commit(isDurable: false);
            _mempool = _chain.MakeMempool(_random.Next(6));
            UpdateMempool(touched);
        }

        private void ChangeMempool(HashSet<HashX> touched)
        {
            _mempool = _chain.MakeMempool(_random.Next(10));
            UpdateMempool(touched);
        }

        private void UpdateMempool(HashSet<HashX> touched)
        {
            IReadOnlySet<Hash256> known = _index.Mempool.Known;
            // Children before parents: the order of the daemon's list means nothing.
            IEnumerable<MempoolTransaction> added = Enumerable.Reverse(_mempool)
                .Where(transaction => !known.Contains(transaction.Txid))
                .Select(transaction => new MempoolTransaction(transaction.Txid, transaction.Raw));
            _index.Mempool.Update([.. _mempool.Select(transaction => transaction.Txid)], added, _index.Writer.TryGetUnspent, touched);
        }

        private Dictionary<HashX, Hash256?> Statuses()
        {
            using ChainView view = _index.AcquireView();
            return ModelScripts.Indexed.ToDictionary(script => HashX.OfScript(script), script =>
            {
                view.TryGetStatus(ChainView.Resolve(ScriptHash.Of(script)), 100_000, out Hash256? status);
                return status;
            });
        }

        private void EveryChangedStatusWasTouched(Dictionary<HashX, Hash256?> before, HashSet<HashX> touched)
        {
            foreach ((HashX script, Hash256? status) in Statuses())
            {
                if (status != before[script])
                    touched.ShouldContain(script);
            }
        }

        private void Reopen()
        {
            _index.Dispose();
            _index = Open();
        }

        private ChainIndex Open() => ChainIndex.Open(new IndexOptions
        {
            Coin = Potcoin,
            Path = _folder,
            PruningLimit = _limit,
            ReorgLimit = ReorgLimit,
            CacheBytes = 4 << 20,
            ImportBufferBytes = 8_000,
        });

        private BlockDigest Digest(ModelBlock block) => _digester.Digest(block.Height, block.Raw);

        private static string? StatusText(Hash256? status)
        {
            if (status is not { } digest) return null;
            byte[] hex = new byte[Hash256.HexLength];
            Hex.Encode(digest.Bytes, hex);
            return System.Text.Encoding.ASCII.GetString(hex);
        }
    }
}
