// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using Shouldly;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>A chain, the daemon that has it, and a folder of block files that a test fills.</summary>
internal sealed class FileImport : IAsyncDisposable
{
    /// <summary>Chunks so small that every record crosses one somewhere.</summary>
    public static readonly BlockFileOptions Small = new() { ChunkBytes = 512 };

    private readonly DaemonClient _client;

    public FileImport(FakeChain chain, byte[]? key = null)
    {
        Chain = chain;
        // No zeros: those are what a block has where it was not written.
        for (int height = 0; height <= chain.Height; height++)
            chain.Block(height).AsSpan(BlockHeader.Size).Fill((byte)(1 + (height % 200)));
        Files = new BlockFolder(key);
        Daemon = new ScriptedDaemon(chain.Answer);
        _client = TestClient.For(Daemon, chain.Coin);
    }

    public FakeChain Chain { get; }

    public BlockFolder Files { get; }

    public ScriptedDaemon Daemon { get; }

    public LogCollector<FallbackBlockSource> Log { get; } = new();

    /// <summary>Heights of the blocks that were asked of the daemon.</summary>
    public int[] AskedOverRpc
    {
        get
        {
            Dictionary<string, int> heights = Enumerable.Range(0, Chain.Height + 1).ToDictionary(height => Chain.Hash(height).ToString());
            return
            [
                .. Daemon.Requests.SelectMany(request => request.Calls).Where(call => call.Method == "getblock")
                    .Select(call => heights.GetValueOrDefault(call.Text(0), -1)).Order(),
            ];
        }
    }

    public IEnumerable<byte[]> Blocks(int first, int last) => Enumerable.Range(first, last - first + 1).Select(Chain.Block);

    public BlockFileSource Source(BlockFileOptions? options = null, Func<int, BlockPosition?>? positionOf = null) =>
        new(Files.For(Chain.Coin), _client, Rpc(), positionOf ?? (static _ => null), options ?? Small, Log);

    public FallbackBlockSource Fallback(string? folder, BlockFileOptions? options = null) =>
        new(folder, _client, Chain.Coin, Rpc(), static _ => null, options ?? Small, Log);

    /// <summary>Reads a range and checks that it is the daemon's chain, byte for byte.</summary>
    public Task<List<SourceBlock>> ShouldReadAsync(int first = 0, BlockFileOptions? options = null) => ShouldReadAsync(Source(options), first);

    /// <inheritdoc cref="ShouldReadAsync(int, BlockFileOptions?)"/>
    public async Task<List<SourceBlock>> ShouldReadAsync(IBlockSource source, int first = 0)
    {
        List<SourceBlock> blocks = await ReadAsync(source, first, Chain.Height);
        blocks.Select(block => block.Height).ShouldBe(Enumerable.Range(first, Chain.Height - first + 1));
        foreach (SourceBlock block in blocks)
        {
            block.Hash.ShouldBe(Chain.Hash(block.Height));
            block.Raw.Span.SequenceEqual(Chain.Block(block.Height)).ShouldBeTrue($"the bytes of block {block.Height}");
        }

        return blocks;
    }

    public static async Task<List<SourceBlock>> ReadAsync(IBlockSource source, int first, int last)
    {
        var blocks = new List<SourceBlock>();
        await foreach (SourceBlock block in source.ReadAsync(first, last, TestClient.Cancel))
            blocks.Add(block);
        return blocks;
    }

    /// <summary>A block that links to the block below this height and is not on the chain.</summary>
    public byte[] StaleAt(int height, uint nonce = 99, int fillerSize = 60)
    {
        byte[] block = new byte[BlockHeader.Size + fillerSize];
        new BlockHeader(2, height == 0 ? Hash256.Zero : Chain.Hash(height - 1), Hash256.Zero, (uint)height, 0x1e0ffff0, nonce).CopyTo(block);
        return block;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Daemon.DisposeAsync();
        Files.Dispose();
    }

    private RpcBlockSource Rpc() => new(_client, new RpcBlockSourceOptions());
}
