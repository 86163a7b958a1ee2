// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// The chain itself: headers without a gap from the genesis block to the tip, each naming the one before, and txids that
/// hash to the merkle root in it. That proves txids and their number against the work in the headers.
/// </summary>
internal sealed class BlockCheck(VerificationRun run)
{
    /// <summary>A missing piece longer than this is not filled in: a height that came out of damage would ask for any amount of memory.</summary>
    private const int LongestGap = 1 << 20;

    private readonly List<Hash256> _txids = [];
    private Hash256 _previousHash = Hash256.Zero;
    private long _transactions;
    private bool _hasTxid;

    /// <summary>The rows that the table of locations has to have, of all txids read.</summary>
    public RowSum Locations { get; private set; }

    /// <summary>Both tables could be read to their ends.</summary>
    public bool IsComplete { get; private set; }

    public void Run()
    {
        using TableScan headers = run.Scan(run.Store.Headers, "headers and txids");
        using TableScan txids = run.Scan(run.Store.Txids, step: null);
        _hasTxid = txids.MoveNext();
        while (headers.MoveNext())
        {
            if (headers.Key.Length != RowCodec.HeightSize || headers.Value.Length != HeaderTable.ValueSize)
            {
                run.Findings.Add(HeaderTable.Name, $"a row has a key of {headers.Key.Length} and a value of {headers.Value.Length} bytes");
                continue;
            }

            CheckBlock(RowCodec.ReadHeight(headers.Key), headers.Value, txids);
        }

        // Behind damaged headers nobody can tell which txids belong to a block; they are read for their checksums.
        if (headers.IsComplete) PassOverTxids(txids, int.MaxValue);
        while (_hasTxid) _hasTxid = txids.MoveNext();
        IsComplete = headers.IsComplete && txids.IsComplete;
        CheckTip();
    }

    private void CheckBlock(int height, ReadOnlySpan<byte> row, TableScan txids)
    {
        ReadOnlySpan<byte> header = row[..BlockHeader.Size];
        int expected = run.TransactionCounts.Count;
        if (height > run.Tip.Height || height < 0)
        {
            run.Findings.Add(HeaderTable.Name, $"block {height} is there, above the tip {run.Tip.Height}");
            PassOverTxids(txids, height);
            return;
        }

        if (height != expected)
        {
            run.Findings.Add(HeaderTable.Name, height == expected + 1 ? $"block {expected} is missing" : $"blocks {expected} to {height - 1} are missing");
            PassOverTxids(txids, height);
            for (int i = 0; i < LongestGap && run.TransactionCounts.Count < height; i++) run.TransactionCounts.Add(VerificationRun.UnknownCount);
            if (run.TransactionCounts.Count < height) return;
        }
        else if (BlockHeader.PreviousHashOf(header) != _previousHash)
        {
            run.Findings.Add(HeaderTable.Name, $"block {height} does not follow block {height - 1}: it names {BlockHeader.PreviousHashOf(header)}, that one is {_previousHash}");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(row[BlockHeader.Size..]);
        Hash256 hash = BlockHeader.HashOf(header);
        if (height == 0 && hash != run.Store.State.Genesis)
            run.Findings.Add(HeaderTable.Name, $"block 0 is {hash}, the database says it begins with {run.Store.State.Genesis}");
        _previousHash = hash;
        _transactions += count;
        run.TransactionCounts.Add(Math.Max(0, count));
        CheckTxids(height, count, BlockHeader.Parse(header).MerkleRoot, txids);
    }

    private void CheckTxids(int height, int count, Hash256 merkleRoot, TableScan txids)
    {
        PassOverTxids(txids, height);
        _txids.Clear();
        bool isWhole = true;
        for (int chunk = 0; _hasTxid && txids.Key.Length == TxidTable.KeySize && RowCodec.ReadHeight(txids.Key) == height; chunk++)
        {
            int stored = BinaryPrimitives.ReadUInt16BigEndian(txids.Key[RowCodec.HeightSize..]);
            int length = Math.Min(TxidTable.ChunkLength, Math.Max(0, count - (chunk * TxidTable.ChunkLength)));
            isWhole &= stored == chunk && length > 0 && txids.Value.Length == length * Hash256.Size;
            if (isWhole)
                _txids.AddRange(MemoryMarshal.Cast<byte, Hash256>(txids.Value));
            _hasTxid = txids.MoveNext();
        }

        if (!isWhole || _txids.Count != count)
        {
            run.Findings.Add(TxidTable.Name, $"block {height} has {count} transactions by its header row, but not the txids of so many");
            return;
        }

        AddLocations(height);
        if (count == 0 || MerkleTree.FoldRoot(CollectionsMarshal.AsSpan(_txids)) != merkleRoot)
            run.Findings.Add(TxidTable.Name, $"the txids of block {height} do not hash to its merkle root {merkleRoot}");
    }

    private void AddLocations(int height)
    {
        Span<byte> key = stackalloc byte[LocationTable.KeySize];
        RowSum sum = Locations;
        for (int position = 0; position < _txids.Count; position++)
        {
            LocationTable.WriteKey(key, _txids[position], new TxLocation(height, position));
            sum.Add(run.Hash.Of(key));
        }

        Locations = sum;
    }

    /// <summary>Names what stands below a height in the table of txids: rows that belong to no block.</summary>
    private void PassOverTxids(TableScan txids, int height)
    {
        while (_hasTxid)
        {
            bool isKey = txids.Key.Length == TxidTable.KeySize;
            int found = isKey ? RowCodec.ReadHeight(txids.Key) : -1;
            if (isKey && found >= height && height != int.MaxValue) return;
            run.Findings.Add(TxidTable.Name, isKey ? $"there are txids of a block {found}, which has no header row below the tip" : $"a key has {txids.Key.Length} bytes");
            _hasTxid = txids.MoveNext();
        }
    }

    private void CheckTip()
    {
        int height = run.TransactionCounts.Count - 1;
        if (height < run.Tip.Height)
            run.Findings.Add(HeaderTable.Name, $"the last header is that of block {height}, the tip is block {run.Tip.Height}");
        else if (run.Tip.Height >= 0 && _previousHash != run.Tip.Hash)
            run.Findings.Add(StateTable.Name, $"the tip is {run.Tip.Hash}, the last header is {_previousHash}");
        if (_transactions != run.Tip.Transactions)
            run.Findings.Add(StateTable.Name, $"the tip row counts {run.Tip.Transactions} transactions, the blocks have {_transactions}");
    }
}
