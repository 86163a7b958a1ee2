// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Litecoind;

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>Everything the node knows, read from its raw blocks and its mempool; blocks once read are kept by their hash.</summary>
internal sealed class NaiveChain(NodeRpc node, NaiveFormat format)
{
    private const int BatchSize = 200;

    private readonly Dictionary<string, NaiveBlock> _blocks = [];

    /// <summary>The model of this moment; the node must not move meanwhile.</summary>
    public async Task<NaiveIndex> ReadAsync()
    {
        int height = (await node.CallAsync("getblockcount")).GetInt32();
        var hashes = new List<string>();
        foreach (int[] heights in Enumerable.Range(0, height + 1).Chunk(BatchSize))
            hashes.AddRange((await node.CallManyAsync("getblockhash", heights.Select(h => new object?[] { h }))).Select(hash => hash.GetString()!));

        foreach (string[] missing in hashes.Where(hash => !_blocks.ContainsKey(hash)).Chunk(BatchSize))
        {
            var raw = await node.CallManyAsync("getblock", missing.Select(hash => new object?[] { hash, false }));
            foreach ((string hash, NaiveBlock block) in missing.Zip(raw.Select(hex => NaiveReader.ReadBlock(hex.GetString()!, format))))
            {
                block.Hash.ShouldBe(hash, "the naive reader must agree with the node about the hash of a block");
                _blocks[hash] = block;
            }
        }

        var mempool = new List<NaiveTransaction>();
        string[] txids = [.. (await node.CallAsync("getrawmempool")).EnumerateArray().Select(txid => txid.GetString()!)];
        foreach (var raw in await node.CallManyAsync("getrawtransaction", txids.Select(txid => new object?[] { txid })))
            mempool.Add(NaiveReader.ReadTransaction(raw.GetString()!, format));
        mempool.Select(transaction => transaction.Txid).ShouldBe(txids, "the naive reader must agree with the node about txids");
        return new NaiveIndex([.. hashes.Select(hash => _blocks[hash])], mempool);
    }
}
