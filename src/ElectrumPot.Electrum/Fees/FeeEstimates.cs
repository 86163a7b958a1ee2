// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// The daemon's fee estimates, asked once per block and target however many wallets ask each minute. Never fails and
/// never keeps a wallet waiting for long: an unanswered estimate makes Electrum disconnect.
/// </summary>
internal sealed class FeeEstimates(IDaemonGateway daemon, TimeProvider time)
{
    /// <summary>No daemon looks further ahead; it also bounds the cache.</summary>
    public const int MaxTarget = 1008;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, Entry> _entries = new();

    /// <returns>Smallest unit per 1000 bytes; null when unknown. Completed at once when cached.</returns>
    public ValueTask<long?> GetAsync(Hash256 tip, int blocks)
    {
        int target = Math.Clamp(blocks, 1, MaxTarget);
        if (!_entries.TryGetValue(target, out Entry? entry) || entry.Tip != tip || entry.IsStale(time))
            _entries[target] = entry = new Entry(tip, AskAsync(target), time.GetTimestamp());
        return entry.Answer.IsCompleted ? new ValueTask<long?>(entry.Answer) : new ValueTask<long?>(WaitAsync(entry.Answer));
    }

    private async Task<long?> WaitAsync(Task<long?> answer)
    {
        try
        {
            return await answer.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<long?> AskAsync(int blocks)
    {
        try
        {
            return await daemon.EstimateFeeAsync(blocks, CancellationToken.None);
        }
        catch (Exception failure) when (failure is DaemonException or OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record Entry(Hash256 Tip, Task<long?> Answer, long AskedAt)
    {
        /// <summary>"Unknown" is asked again sooner than at the next block: the daemon may have been away.</summary>
        public bool IsStale(TimeProvider time) =>
            Answer is { IsCompletedSuccessfully: true, Result: null } && time.GetElapsedTime(AskedAt) > RetryAfter;
    }
}
