// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>The part of a run that counts; what comes before warms up, what comes after is only waited for.</summary>
/// <param name="From">Time stamp.</param>
/// <param name="To">Time stamp.</param>
internal sealed record LoadWindow(long From, long To)
{
    public static LoadWindow Open(TimeSpan warmUp, TimeSpan length)
    {
        long from = Stopwatch.GetTimestamp() + ToTicks(warmUp);
        return new LoadWindow(from, from + ToTicks(length));
    }

    public TimeSpan Length => Stopwatch.GetElapsedTime(From, To);

    private static long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}

/// <summary>What one connection saw. Used by one thread at a time.</summary>
internal sealed class LoadTally(LoadWindow window)
{
    private const int SampleEvery = 1_000;
    private const int MaxSamples = 200;
    private const int MaxSampleBytes = 16 << 20;

    private readonly List<(Expectation Asked, byte[] Result)> _samples = [];
    private int _untilSample;
    private int _sampledBytes;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Replies of the whole run, warming up included.</summary>
    public long Replies { get; private set; }

    public long ReceivedBytes { get; private set; }

    public int Errors { get; private set; }

    /// <summary>The first reply that was no result.</summary>
    public string? FirstError { get; private set; }

    /// <summary>One reply in a thousand, the first among them.</summary>
    public IReadOnlyList<(Expectation Asked, byte[] Result)> Samples => _samples;

    /// <param name="asked">Time stamp from which its latency counts.</param>
    /// <param name="answered">Time stamp.</param>
    public void Count(ReplyLine reply, Expectation expected, long asked, long answered)
    {
        Replies++;
        ReceivedBytes += reply.Line.Length;
        if (reply.Result.IsEmpty)
        {
            CountError(Encoding.UTF8.GetString(reply.Line[..Math.Min(reply.Line.Length, 300)]));
            return;
        }

        if (answered >= window.From && answered < window.To)
            Latency.Record((long)((answered - asked) * (1e9 / Stopwatch.Frequency)));
        if (--_untilSample > 0 || _samples.Count == MaxSamples || _sampledBytes > MaxSampleBytes) return;
        _untilSample = SampleEvery;
        _sampledBytes += reply.Result.Length;
        _samples.Add((expected, reply.Result.ToArray()));
    }

    public void CountError(string message)
    {
        Errors++;
        FirstError ??= message;
    }
}
