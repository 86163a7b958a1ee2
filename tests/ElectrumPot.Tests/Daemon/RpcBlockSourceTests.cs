// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.Daemon;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class RpcBlockSourceTests
{
    private static readonly RpcBlockSourceOptions Small = new() { TargetBatchBytes = 2_000, MaxBatchBlocks = 20, MaxBytesAhead = 8_000 };

    [Fact]
    public async Task Blocks_come_in_order_with_their_heights()
    {
        var chain = new FakeChain(2_500, height => height % 97);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);

        List<SourceBlock> blocks = await ReadAsync(client, 3, chain.Height);

        blocks.Select(block => block.Height).ShouldBe(Enumerable.Range(3, chain.Height - 2));
        foreach (SourceBlock block in blocks)
        {
            block.Hash.ShouldBe(chain.Hash(block.Height));
            block.Raw.ToArray().ShouldBe(chain.Block(block.Height));
        }
    }

    [Theory]
    [InlineData(5, 5, 1)]
    [InlineData(5, 4, 0)]
    public async Task The_ends_are_inclusive(int first, int last, int count)
    {
        var chain = new FakeChain(10);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);

        (await ReadAsync(client, first, last)).Count.ShouldBe(count);
    }

    [Fact]
    public async Task Batches_follow_the_size_of_the_blocks()
    {
        var chain = new FakeChain(1_000, height => height < 500 ? 20 : 1_920);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);

        await ReadAsync(client, 0, chain.Height);

        int[] sizes = [.. daemon.Requests.Where(request => request.Has("getblock")).Select(request => request.Calls.Count)];
        sizes.Max().ShouldBe(20, "small blocks: as many as allowed");
        sizes[^50..].ShouldAllBe(size => size == 1, "large blocks: one at a time");
    }

    [Fact]
    public async Task A_reader_that_stops_reading_bounds_what_is_fetched()
    {
        var chain = new FakeChain(2_000, static _ => 920);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);
        await using IAsyncEnumerator<SourceBlock> reader = new RpcBlockSource(client, Small).ReadAsync(0, chain.Height, TestClient.Cancel).GetAsyncEnumerator(TestClient.Cancel);

        for (int i = 0; i < 100; i++)
            (await reader.MoveNextAsync()).ShouldBeTrue();

        int fetched = daemon.Requests.Sum(request => request.Calls.Count(call => call.Method == "getblock"));
        fetched.ShouldBeLessThanOrEqualTo(100 + ((int)Small.MaxBytesAhead / 1_000) + 16);
        daemon.MostBusy.ShouldBeLessThanOrEqualTo(2, "a connection stays free for wallets");
    }

    [Fact]
    public async Task Outages_are_waited_out_and_nothing_is_lost_or_doubled()
    {
        var chain = new FakeChain(600);
        int requests = 0;
        await using var daemon = new ScriptedDaemon(chain.Answer)
        {
            Misbehave = _ => (Interlocked.Increment(ref requests) % 7) switch
            {
                3 => ScriptedReply.Nothing,
                4 => ScriptedReply.Http("HTTP/1.1 503 Service Unavailable", ""),
                5 => new ScriptedReply("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[{\"result\"") { Close = true },
                _ => null,
            },
        };
        await using DaemonClient client = TestClient.For(TestClient.Options(daemon.Port) with { MaxBackOff = TimeSpan.FromMilliseconds(10) }, chain.Coin);

        List<SourceBlock> blocks = await ReadAsync(client, 0, chain.Height);

        blocks.Select(block => block.Height).ShouldBe(Enumerable.Range(0, 600));
    }

    [Fact]
    public async Task A_reorganisation_under_way_ends_the_reading_where_blocks_stop_to_link()
    {
        var chain = new FakeChain(3_000);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);
        var read = new List<SourceBlock>();

        var error = await Should.ThrowAsync<ChainChangedException>(async () =>
        {
            await foreach (SourceBlock block in new RpcBlockSource(client, Small).ReadAsync(0, 2_999, TestClient.Cancel))
            {
                read.Add(block);
                if (block.Height == 10)
                    chain.Reorganise(500, 2_600);
            }
        });

        read.Select(block => block.Height).ShouldBe(Enumerable.Range(0, read.Count));
        error.Height.ShouldBe(read.Count);
        for (int i = 1; i < read.Count; i++)
            ElectrumPot.Chain.Primitives.BlockHeader.PreviousHashOf(read[i].Raw.Span).ShouldBe(read[i - 1].Hash);
    }

    [Fact]
    public async Task A_chain_that_ends_sooner_gives_what_it_has_and_then_says_so()
    {
        var chain = new FakeChain(50);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);
        int read = 0;

        var error = await Should.ThrowAsync<ChainChangedException>(async () =>
        {
            await foreach (SourceBlock _ in new RpcBlockSource(client, Small).ReadAsync(0, 5_000, TestClient.Cancel))
                read++;
        });

        read.ShouldBe(50);
        error.Height.ShouldBe(50);
    }

    [Fact]
    public async Task Cancellation_stops_at_once_even_while_the_daemon_is_silent()
    {
        var chain = new FakeChain(500);
        await using var daemon = new ScriptedDaemon(chain.Answer)
        {
            Misbehave = static request => request.Has("getblock") ? ScriptedReply.Silence : null,
        };
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestClient.Cancel);

        Task reading = ReadAsync(client, 0, 400, cancel.Token);
        while (daemon.Count("getblock") == 0)
            await Task.Delay(5, TestClient.Cancel);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading.WaitAsync(TimeSpan.FromSeconds(10), TestClient.Cancel));
    }

    [Fact]
    public async Task A_batch_whose_reply_would_be_too_long_is_asked_again_in_halves()
    {
        var chain = new FakeChain(64, static _ => 8_000);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(TestClient.Options(daemon.Port) with { MaxReplyBytes = 1 << 16 }, chain.Coin);

        IReadOnlyList<byte[]> blocks = await client.GetBlocksAsync([.. Enumerable.Range(0, 20).Select(chain.Hash)], TestClient.Cancel);

        blocks.ShouldBe(Enumerable.Range(0, 20).Select(chain.Block));
        client.Status.IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task A_single_block_beyond_the_bound_is_refused_unread()
    {
        var chain = new FakeChain(3, static _ => 100_000);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        await using DaemonClient client = TestClient.For(TestClient.Options(daemon.Port) with { MaxReplyBytes = 1 << 16 }, chain.Coin);

        (await Should.ThrowAsync<MalformedReplyException>(client.GetBlockAsync(chain.Hash(1), TestClient.Cancel))).Message.ShouldContain("65,536");
    }

    [Fact]
    public async Task Replies_in_small_pieces_do_not_wait_for_delayed_acknowledgements()
    {
        var chain = new FakeChain(300, static _ => 5_000);
        await using var daemon = new ScriptedDaemon(chain.Answer);
        daemon.Misbehave = request => daemon.Answer(request) with { PieceSize = 4_096 };
        await using DaemonClient client = TestClient.For(daemon, chain.Coin);
        long started = Stopwatch.GetTimestamp();

        List<SourceBlock> blocks = await ReadAsync(client, 0, chain.Height);

        blocks.Count.ShouldBe(300);
        // One at a time with 40 ms each would be 12 s.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(4));
    }

    private static async Task<List<SourceBlock>> ReadAsync(DaemonClient client, int first, int last, CancellationToken? cancel = null)
    {
        var blocks = new List<SourceBlock>();
        await foreach (SourceBlock block in new RpcBlockSource(client, Small).ReadAsync(first, last, cancel ?? TestClient.Cancel))
            blocks.Add(block);
        return blocks;
    }
}
