// SPDX-License-Identifier: MIT

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// One state of chain and mempool, immutable and safe to use from many threads. A request takes one view and answers
/// from nothing else, so that what it says fits together. Shared and counted: everyone who acquired it disposes it once.
/// </summary>
public sealed partial class ChainView : IDisposable
{
    private readonly IndexStore _store;
    private readonly Snapshot _snapshot;
    private readonly ReadOptions _read;
    private readonly IteratorPool _scriptRows;
    private readonly IteratorPool _locationRows;
    private readonly ImmutableArray<BlockFees> _recentBlocks;
    private readonly int _pruningLimit;
    private readonly SharedReads _shared;
    private readonly long _branch;
    private int _references = 1;

    internal ChainView(
        IndexStore store, IndexTip tip, MempoolView mempool, ImmutableArray<BlockFees> recentBlocks, int pruningLimit, SharedReads shared, long sequence)
    {
        _store = store;
        _snapshot = store.CreateSnapshot();
        _read = new ReadOptions().SetSnapshot(_snapshot);
        _scriptRows = new IteratorPool(() => store.Scripts.NewIterator(_read));
        _locationRows = new IteratorPool(() => store.Locations.NewIterator(_read));
        _recentBlocks = recentBlocks;
        _pruningLimit = pruningLimit;
        _shared = shared;
        _branch = shared.BlockTrees.Branch;
        Sequence = sequence;
        Height = tip.Height;
        TipHash = tip.Hash;
        Transactions = tip.Transactions;
        Mempool = mempool;
    }

    /// <summary>Grows with every published state: tells the newer of two views.</summary>
    public long Sequence { get; }

    /// <summary>Height of the tip; -1 for an empty index.</summary>
    public int Height { get; }

    public Hash256 TipHash { get; }

    /// <summary>Transactions in all blocks up to the tip.</summary>
    public long Transactions { get; }

    public MempoolView Mempool { get; }

    /// <returns>Null before the daemon's mempool has been seen.</returns>
    public FeeFacts? GetFeeFacts() => Mempool.IsKnown ? new FeeFacts(_recentBlocks, Mempool.GetWaiting()) : null;

    /// <param name="header">Receives 80 bytes.</param>
    /// <returns>False when the height is negative or beyond the tip.</returns>
    public bool TryGetHeader(int height, Span<byte> header) =>
        height >= 0 && height <= Height && _store.Headers.TryGet(height, _read, header, out _);

    /// <summary>Copies consecutive headers of 80 bytes.</summary>
    /// <returns>How many; less than asked for only at the tip.</returns>
    public int ReadHeaders(int firstHeight, int count, Span<byte> destination)
    {
        if (firstHeight < 0 || firstHeight > Height || count <= 0) return 0;
        return _store.Headers.ReadRange(firstHeight, Math.Min(count, Height - firstHeight + 1), _read, destination);
    }

    /// <returns>Zero for a height without block.</returns>
    public int CountTransactions(int height)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        return height >= 0 && height <= Height && _store.Headers.TryGet(height, _read, header, out int count) ? count : 0;
    }

    public bool TryGetTxid(int height, int position, out Hash256 txid)
    {
        txid = default;
        return height >= 0 && height <= Height && position is >= 0 and <= RowCodec.MaxIndex
            && TryReadTxid(new TxLocation(height, position), out txid);
    }

    /// <returns>False when the transaction is not in that block.</returns>
    public bool TryGetMerkleProof(Hash256 txid, int height, [NotNullWhen(true)] out MerkleProof? proof)
    {
        proof = null;
        if (GetBlockTree(height) is not { } tree) return false;
        int position = tree.Leaves.IndexOf(txid);
        if (position >= 0) proof = new MerkleProof(height, position, tree.BranchOf(position));
        return proof is not null;
    }

    /// <returns>False when there is no such block or position.</returns>
    public bool TryGetMerkleProof(int height, int position, out Hash256 txid, [NotNullWhen(true)] out MerkleProof? proof)
    {
        (txid, proof) = (default, null);
        if (GetBlockTree(height) is not { } tree || (uint)position >= (uint)tree.Leaves.Length) return false;
        txid = tree.Leaves[position];
        proof = new MerkleProof(height, position, tree.BranchOf(position));
        return true;
    }

    /// <summary>Proves a header below the merkle root of the block hashes 0..<paramref name="checkpointHeight"/>.</summary>
    /// <param name="maxHeaders">To be read at most to complete the tree that all views share; soon after a start it is small.</param>
    /// <returns>False when the tree lacks more than that.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ height ≤ checkpointHeight ≤ tip.</exception>
    public bool TryGetHeaderProof(int height, int checkpointHeight, int maxHeaders, [NotNullWhen(true)] out HeaderProof? proof)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, checkpointHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checkpointHeight, Height);
        proof = _shared.HeaderTree.TryProve(this, height, checkpointHeight, maxHeaders);
        return proof is not null;
    }

    /// <summary>Finds a confirmed transaction; of equal txids the latest.</summary>
    public bool TryFindTransaction(Hash256 txid, out TxLocation location)
    {
        using var resolver = new OutputResolver(_store, _read, _locationRows);
        return resolver.TryFindTransaction(txid, out location);
    }

    /// <returns>Null where the index does not keep transactions.</returns>
    public byte[]? GetStoredTransaction(TxLocation location) => _store.Transactions.Get(location, _read);

    /// <returns>Null for a block that came over RPC.</returns>
    public BlockPosition? GetBlockPosition(int height) => _store.Blocks.Get(height, _read);

    /// <returns>Null where it is not known: the block came over RPC, or by a version that did not keep it.</returns>
    public TransactionPosition? GetTransactionPosition(TxLocation location) => _store.Blocks.Get(location, _read);

    /// <summary>Script and value of an output that no block and no mempool transaction spends.</summary>
    public bool TryGetUnspentScript(OutPoint outPoint, out HashX script, out long value)
    {
        (script, value) = (default, 0);
        if (Mempool.IsSpent(outPoint)) return false;
        if (Mempool.TryGetOutput(outPoint, out script, out value)) return true;
        if (!TryGetConfirmedUnspent(outPoint, out OutputValue output)) return false;
        (script, value) = (output.Script, output.Value);
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) > 0) return;
        _scriptRows.Dispose();
        _locationRows.Dispose();
        _read.Dispose();
        _snapshot.Dispose();
    }

    /// <returns>False when the view has been disposed by its last holder.</returns>
    internal bool TryAcquire()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references) return true;
            references = seen;
        }

        return false;
    }

    internal bool TryGetConfirmedUnspent(OutPoint outPoint, out OutputValue output)
    {
        using var resolver = new OutputResolver(_store, _read, _locationRows);
        return resolver.Find(outPoint, isConfirmed: false, out _, out output) == OutputResolver.Outcome.Found;
    }

    /// <exception cref="IndexCorruptException">There is none.</exception>
    private Hash256 ReadTxid(TxLocation location) => TryReadTxid(location, out Hash256 txid)
        ? txid
        : throw new IndexCorruptException($"The txid of transaction {location.Position} of block {location.Height} is missing from the database.");

    private bool TryReadTxid(TxLocation location, out Hash256 txid)
    {
        (int chunk, int index) = Math.DivRem(location.Position, TxidTable.ChunkLength);
        Hash256[]? txids = _shared.Txids.Find(location.Height, chunk, _branch);
        if (txids is null)
        {
            txids = _store.Txids.GetChunk(location.Height, chunk, _read);
            if (txids.Length > 0) _shared.Txids.Add(location.Height, chunk, _branch, txids);
        }

        bool isThere = index < txids.Length;
        txid = isThere ? txids[index] : default;
        return isThere;
    }

    /// <returns>Null for a height without block.</returns>
    private MerkleLevels? GetBlockTree(int height)
    {
        if (_shared.BlockTrees.TryGet(height, _branch, out MerkleLevels? known) && height <= Height) return known;
        Hash256[] txids = _store.Txids.GetBlock(height, CountTransactions(height), _read);
        if (txids.Length == 0) return null;
        var tree = new MerkleLevels(txids);
        _shared.BlockTrees.Add(height, _branch, tree);
        return tree;
    }
}
