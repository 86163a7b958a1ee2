// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Electrum.Fees;

/// <summary>
/// What <c>blockchain.estimatefee</c> answers. The daemon's own estimate for a target stands as it is. Where the daemon has
/// none, the server's takes its place (<see cref="FeeCurve"/>, at least the daemon's relay fee), kept between the daemon's
/// estimates for shorter and longer targets. The daemon is asked once per block, target and mode however many wallets ask
/// each minute. Never fails and never keeps a wallet waiting for long: an unanswered estimate makes Electrum disconnect.
/// </summary>
internal sealed class FeeEstimates(IDaemonGateway daemon, Coin coin, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <summary>A new state of the mempool counts no sooner: sorting 100,000 transactions takes tens of milliseconds.</summary>
    private static readonly TimeSpan CurveLifetime = TimeSpan.FromSeconds(5);

    /// <summary>By mode and target; the last one asked for at any tip.</summary>
    private readonly Entry?[][] _entries = [.. Enum.GetValues<FeeEstimateMode>().Select(_ => new Entry?[FeeCurve.MaxTarget + 1])];

    private readonly Lock _curveLock = new();
    private volatile CurveOfState? _curve;

    /// <returns>Smallest unit per 1000 bytes; null when unknown. Completed at once when cached.</returns>
    public ValueTask<long?> GetAsync(IChainSnapshot snapshot, int blocks, FeeEstimateMode mode)
    {
        int target = Math.Clamp(blocks, 1, FeeCurve.MaxTarget);
        FeeCurve? curve = CurveOf(snapshot);
        ref Entry? slot = ref _entries[(int)mode][target];
        Entry? entry = Volatile.Read(ref slot);
        if (entry is null || entry.Tip != snapshot.TipHash || entry.IsStale(time))
        {
            entry = new Entry(target, mode, snapshot.TipHash, AskAsync(target, mode), time.GetTimestamp());
            Volatile.Write(ref slot, entry);
        }

        TimeSpan patience = Patience - time.GetElapsedTime(entry.AskedAt);
        return entry.Answer.IsCompleted || patience <= TimeSpan.Zero
            ? new ValueTask<long?>(Combine(entry, curve))
            : new ValueTask<long?>(WaitAsync(entry, curve, patience));
    }

    private async Task<long?> WaitAsync(Entry entry, FeeCurve? curve, TimeSpan patience)
    {
        try
        {
            await entry.Answer.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // What the server knows by itself has to do.
        }

        return Combine(entry, curve);
    }

    private long? Combine(Entry entry, FeeCurve? curve)
    {
        DaemonAnswer answer = entry.AnswerSoFar;
        if (answer.Estimate is { } estimate || curve is null) return answer.Estimate;
        long rate = curve[entry.Target];
        Entry?[] entries = _entries[(int)entry.Mode];
        for (int i = 0; i < entries.Length; i++)
        {
            if (Volatile.Read(ref entries[i]) is not { } other || other.Tip != entry.Tip || other.AnswerSoFar.Estimate is not { } known) continue;
            rate = other.Target > entry.Target ? Math.Max(rate, known) : Math.Min(rate, known);
        }

        return Math.Max(rate, answer.RelayFee ?? coin.RelayFee);
    }

    private async Task<DaemonAnswer> AskAsync(int blocks, FeeEstimateMode mode)
    {
        var answer = new DaemonAnswer(null, null);
        try
        {
            RelayFees fees = await daemon.GetRelayFeesAsync(CancellationToken.None);
            answer = answer with { RelayFee = Math.Max(fees.Minimum, fees.MempoolMinimum) };
            answer = answer with { Estimate = await daemon.EstimateFeeAsync(blocks, mode, CancellationToken.None) };
        }
        catch (Exception failure) when (failure is DaemonException or OperationCanceledException)
        {
            // The daemon's state is shown and logged where it is watched.
        }

        return answer;
    }

    private FeeCurve? CurveOf(IChainSnapshot snapshot)
    {
        CurveOfState? latest = _curve;
        if (IsFresh(latest, snapshot)) return latest.Curve;
        if (!_curveLock.TryEnter())
        {
            // Another request makes the new one; that of a moment ago does as well.
            if (latest?.Curve is { } previous) return previous;
            _curveLock.Enter();
        }

        try
        {
            latest = _curve;
            if (IsFresh(latest, snapshot)) return latest.Curve;
            FeeCurve? curve = snapshot.GetFeeFacts() is { } facts ? FeeCurve.Make(facts, coin.MaxBlockSize) : null;
            _curve = new CurveOfState(snapshot.Sequence, snapshot.TipHash, time.GetTimestamp(), curve);
            return curve;
        }
        finally
        {
            _curveLock.Exit();
        }
    }

    private bool IsFresh([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] CurveOfState? curve, IChainSnapshot snapshot) =>
        curve is not null
        && (curve.Sequence >= snapshot.Sequence
            || (curve.Curve is not null && curve.Tip == snapshot.TipHash && time.GetElapsedTime(curve.MadeAt) < CurveLifetime));

    /// <param name="Estimate">Null when the daemon has none.</param>
    /// <param name="RelayFee">What a transaction must pay to be taken at all; null while unknown.</param>
    private readonly record struct DaemonAnswer(long? Estimate, long? RelayFee);

    private sealed record CurveOfState(long Sequence, Hash256 Tip, long MadeAt, FeeCurve? Curve);

    private sealed record Entry(int Target, FeeEstimateMode Mode, Hash256 Tip, Task<DaemonAnswer> Answer, long AskedAt)
    {
        public DaemonAnswer AnswerSoFar => Answer.IsCompletedSuccessfully ? Answer.Result : default;

        /// <summary>"Unknown" is asked again sooner than at the next block: the daemon may have been away.</summary>
        public bool IsStale(TimeProvider time) =>
            (Answer.IsFaulted || Answer is { IsCompletedSuccessfully: true, Result.Estimate: null }) && time.GetElapsedTime(AskedAt) > RetryAfter;
    }
}
