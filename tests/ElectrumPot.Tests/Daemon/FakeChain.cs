// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Daemon;

/// <summary>Linked headers with filler after them, which begins with a count of transactions; served as a daemon would.</summary>
internal sealed class FakeChain
{
    /// <summary>As far as the blocks tell.</summary>
    public const int TransactionsPerBlock = 3;

    private readonly List<byte[]> _blocks = [];
    private readonly Dictionary<Hash256, byte[]> _byHash = [];
    private readonly List<Hash256> _hashes = [];

    public FakeChain(int blocks, Func<int, int>? fillerSize = null)
    {
        for (int height = 0; height < blocks; height++)
            Add(fillerSize?.Invoke(height) ?? 100);
    }

    public Coin Coin => CoinRegistry.BuiltIn.Get("potcoin") with { GenesisHash = _hashes[0] };

    public int Height => _blocks.Count - 1;

    public ElectrumPot.Daemon.ChainTip Tip => new(Height, _hashes[^1]);

    public byte[] Block(int height) => _blocks[height];

    public Hash256 Hash(int height) => _hashes[height];

    public void Add(int fillerSize = 100, uint nonce = 0)
    {
        lock (_blocks)
            AddLocked(fillerSize, nonce);
    }

    /// <summary>Replaces the blocks from this height on; the old ones stay known by hash.</summary>
    public void Reorganise(int height, int newBlocks)
    {
        lock (_blocks)
        {
            _blocks.RemoveRange(height, _blocks.Count - height);
            _hashes.RemoveRange(height, _hashes.Count - height);
            for (int i = 0; i < newBlocks; i++)
                AddLocked(100, nonce: 7);
        }
    }

    public string Answer(RpcCall call)
    {
        lock (_blocks)
        {
            return call.Method switch
            {
                "getblockcount" => ScriptedDaemon.Result($"{Height}"),
                "getbestblockhash" => ScriptedDaemon.Result($"\"{_hashes[^1]}\""),
                "getblockhash" when call.Number(0) > Height => ScriptedDaemon.Error(-1, "Block number out of range."),
                "getblockhash" => ScriptedDaemon.Result($"\"{_hashes[call.Number(0)]}\""),
                "getblock" when _byHash.TryGetValue(Hash256.Parse(call.Text(0)), out byte[]? block) =>
                    ScriptedDaemon.Result($"\"{Convert.ToHexStringLower(block)}\""),
                "getblock" => ScriptedDaemon.Error(-5, "Block not found"),
                "getrawtransaction" => ScriptedDaemon.Error(-5, "No information available about transaction"),
                "getrawmempool" => ScriptedDaemon.Result("[]"),
                _ => ScriptedDaemon.Error(-32601, "Method not found"),
            };
        }
    }

    private void AddLocked(int fillerSize, uint nonce)
    {
        Hash256 previous = _hashes.Count == 0 ? Hash256.Zero : _hashes[^1];
        var header = new BlockHeader(2, previous, Hash256.Zero, (uint)_blocks.Count, 0x1e0ffff0, nonce);
        byte[] block = new byte[BlockHeader.Size + fillerSize];
        header.CopyTo(block);
        if (fillerSize > 0) block[BlockHeader.Size] = TransactionsPerBlock;
        _blocks.Add(block);
        _hashes.Add(header.ComputeHash());
        _byHash[_hashes[^1]] = block;
    }
}
