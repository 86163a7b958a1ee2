// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon.Rpc;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon;

/// <summary>
/// potcoind as the rest of the server sees it: typed answers, batches, fail-over, bounded waiting. Every member may
/// throw <see cref="DaemonUnavailableException"/> (temporary) and <see cref="DaemonErrorException"/> (refused), and
/// throws <see cref="OperationCanceledException"/> only for the caller's own token. Safe for concurrent use.
/// </summary>
public sealed partial class DaemonClient : IAsyncDisposable
{
    private const int MaxTipAttempts = 3;

    /// <summary>Calls in one batch; keeps bodies and replies of small things below a few hundred kilobytes.</summary>
    private const int MaxCallsPerBatch = 2_000;

    private readonly DaemonLink _link;
    private readonly Coin _coin;
    private readonly ILogger _log;

    // A block hash fixes its height, so an unchanged best hash needs no second question.
    private volatile ChainTipBox? _lastTip;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DaemonClient(DaemonOptions options, Coin coin, ILogger<DaemonClient> logger, TimeProvider timeProvider)
    {
        _link = new DaemonLink(options, coin, logger, timeProvider);
        _coin = coin;
        _log = logger;
    }

    public DaemonStatus Status => _link.Status;

    /// <summary>Waits as long as the daemon should be left alone after a failure: growing pauses with jitter.</summary>
    public Task WaitForRetryAsync(CancellationToken cancellationToken) => _link.WaitForRetryAsync(cancellationToken);

    /// <summary>
    /// Asks at once, even a daemon that failed a moment ago. The coin is proven on each first contact anyway; this is for
    /// those who want to know now.
    /// </summary>
    /// <exception cref="WrongCoinException">Block 0 is of another coin.</exception>
    public Task CheckCoinAsync(CancellationToken cancellationToken) =>
        _link.AskAsync(RpcBatch.Of("getblockcount"), CallPriority.Interactive, static reply => reply.Int32(0), cancellationToken, evenIfResting: true);

    /// <summary>Height and hash that belong together, though the daemon answers each question at its own moment.</summary>
    public async Task<ChainTip> GetTipAsync(CancellationToken cancellationToken)
    {
        ChainTip tip = default;
        for (int attempt = 0; attempt < MaxTipAttempts; attempt++)
        {
            var batch = new RpcBatch(2);
            batch.Add("getbestblockhash");
            batch.Add("getblockcount");
            (Hash256 best, int height) = await AskAsync(
                batch, CallPriority.Interactive, static reply => (reply.Hash(0), reply.Int32(1)), cancellationToken);
            if (_lastTip is { } last && last.Tip.Hash == best)
                return last.Tip;

            IReadOnlyList<Hash256> hashes = await GetBlockHashesAsync(height, 1, cancellationToken);
            if (hashes.Count == 0) continue;
            tip = new ChainTip(height, hashes[0]);
            _lastTip = new ChainTipBox(tip);
            if (hashes[0] == best)
                return tip;
        }

        // The chain moves faster than the questions. The last pair is of the best chain all the same.
        return tip.Hash.IsZero ? throw new MalformedReplyException("the daemon gives no block for the height it claims") : tip;
    }

    /// <summary>Hashes of consecutive blocks of the best chain; fewer when the chain ends sooner.</summary>
    /// <param name="count">1 to 2,000.</param>
    public Task<IReadOnlyList<Hash256>> GetBlockHashesAsync(int firstHeight, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCallsPerBatch);
        var batch = new RpcBatch(count);
        for (int i = 0; i < count; i++)
            batch.Add("getblockhash", firstHeight + i);
        return AskAsync<IReadOnlyList<Hash256>>(batch, CallPriority.Bulk, ReadHashes, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _link.Dispose();
        return ValueTask.CompletedTask;
    }

    private static List<Hash256> ReadHashes(RpcReply reply)
    {
        var hashes = new List<Hash256>(reply.Count);
        for (int i = 0; i < reply.Count; i++)
        {
            if (reply.ErrorOf(i) is { Code: RpcErrorCode.Misc or RpcErrorCode.InvalidParameter })
                break;
            hashes.Add(reply.Hash(i));
        }

        return hashes;
    }

    private async Task<T> AskAsync<T>(RpcBatch batch, CallPriority priority, Func<RpcReply, T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _link.AskAsync(batch, priority, read, cancellationToken);
        }
        catch (ReplyTooLargeException error)
        {
            throw new MalformedReplyException($"{error.Message}, asked for {batch.Methods[0]}; raise the limit if the daemon is to be trusted", error);
        }
    }

    /// <summary>
    /// Asks for many things in batches, one after another; a batch whose reply would be too long is asked again in halves.
    /// </summary>
    private async Task AskManyAsync<T>(
        IReadOnlyList<Hash256> hashes, T[] results, Action<RpcBatch, Hash256> add, Func<RpcReply, int, Hash256, T> read, int perBatch, CancellationToken cancellationToken)
    {
        int done = 0;
        while (done < hashes.Count)
        {
            int first = done;
            int count = Math.Min(perBatch, hashes.Count - done);
            var batch = new RpcBatch(count);
            for (int i = 0; i < count; i++)
                add(batch, hashes[first + i]);
            try
            {
                done += await _link.AskAsync(batch, CallPriority.Bulk, reply =>
                {
                    for (int i = 0; i < reply.Count; i++)
                        results[first + i] = read(reply, i, hashes[first + i]);
                    return reply.Count;
                }, cancellationToken);
            }
            catch (ReplyTooLargeException) when (count > 1)
            {
                perBatch = count / 2;
            }
            catch (ReplyTooLargeException error)
            {
                throw new MalformedReplyException($"{error.Message}, asked for {batch.Methods[0]} {hashes[first]}; raise the limit if the daemon is to be trusted", error);
            }
        }
    }

    private sealed record ChainTipBox(ChainTip Tip);
}
