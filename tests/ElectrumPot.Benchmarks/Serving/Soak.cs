// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Benchmarks.Serving.Scenarios;

namespace ElectrumPot.Benchmarks.Serving;

/// <summary>
/// Whether memory stays what it is: mixed load, connections that come and go, and blocks, for as long as it takes to tell. The
/// resident set is read every ten seconds; the first fifth of the time is warming up.
/// </summary>
internal sealed class Soak(ServeOptions options, TimeSpan length, TextWriter log)
{
    private const double WarmUpShare = 0.2;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BlockInterval = TimeSpan.FromSeconds(10);

    /// <summary>After it the connections of the load are replaced by new ones.</summary>
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(20);

    private readonly List<(double Minute, double Megabytes)> _memory = [];
    private readonly List<LoadOutcome> _segments = [];

    /// <returns>The table, and whether every reply was a right one.</returns>
    public async Task<(string Table, bool IsSound)> RunAsync(CancellationToken cancellation)
    {
        int blocks = (int)(length / BlockInterval) + 2;
        GeneratedChain chain = GeneratedChain.OpenOrMake(options.Cache, options.Shape, options.Blocks, options.Seed, log);
        await using ServingBed bed = await ServingBed.StartGeneratedAsync(options, chain, options.Blocks - blocks, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var churn = new ConnectionChurn(bed);
        Task beside = Task.WhenAll(SampleAsync(bed, ended.Token), AddBlocksAsync(bed, ended.Token), churn.RunAsync(ended.Token));
        var mix = new LoadScenario("mix", RequestMix.Wallets);
        var yardstick = new Yardstick(options);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        ServeOptions segment = options with { Length = Segment < length ? Segment : length };
        for (int run = 1; clock.Elapsed < length; run++)
        {
            // Every other segment is encrypted.
            LoadShape shape = new(run % 2 == 0, options.Connections, options.Depth);
            _segments.Add(await new LoadRunner(bed).RunAsync(mix.Order(new ScenarioContext(bed, segment, yardstick, run), shape), cancellation));
        }

        await ended.CancelAsync();
        await beside;
        return Describe(churn);
    }

    private async Task SampleAsync(ServingBed bed, CancellationToken ended)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await RepeatAsync(SampleInterval, async () =>
        {
            double megabytes = bed.Server.Figures.Resident / 1e6;
            _memory.Add((clock.Elapsed.TotalMinutes, megabytes));
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes:0.0} min: {megabytes:0.0} MB"));
        }, ended);
    }

    private static Task AddBlocksAsync(ServingBed bed, CancellationToken ended) => RepeatAsync(BlockInterval, async () =>
    {
        if (bed.BlocksLeft > 0) await bed.ShowNextBlockAsync(CancellationToken.None);
    }, ended);

    private static async Task RepeatAsync(TimeSpan interval, Func<Task> action, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (true)
            {
                await action();
                await timer.WaitForNextTickAsync(ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private (string Table, bool IsSound) Describe(ConnectionChurn churn)
    {
        (double Minute, double Megabytes)[] warm = [.. _memory.Where(sample => sample.Minute >= length.TotalMinutes * WarmUpShare)];
        (double Minute, double Megabytes) first = warm.Length > 0 ? warm[0] : _memory[^1];
        string[] failures = [.. _segments.Select(segment => segment.Failure).OfType<string>(), .. churn.Failures];
        var text = new StringBuilder();
        text.Append("| figure | value |\n| --- | ---: |\n");
        Row("minutes", length.TotalMinutes, "0.0");
        Row("requests answered", _segments.Sum(segment => segment.Replies), "N0");
        Row("requests/s, median", ServeTable.Median(_segments.Select(segment => segment.PerSecond)), "N0");
        Row("p99 ms, median", ServeTable.Median(_segments.Select(segment => segment.Latency.Percentile(0.99).TotalMilliseconds)), "0.00");
        Row("TLS connections opened and closed beside", churn.Opened, "N0");
        Row("resident MB at the start", _memory[0].Megabytes, "0.0");
        Row("resident MB after warming up", first.Megabytes, "0.0");
        Row("resident MB at the end", _memory[^1].Megabytes, "0.0");
        Row("largest resident MB", _memory.Max(sample => sample.Megabytes), "0.0");
        Row("growth after warming up, MB an hour", Trend.SlopeOf(warm) * 60, "0.0");
        text.Append(CultureInfo.InvariantCulture, $"\n{Environment.ProcessorCount} cores, load at the end {File.ReadAllText("/proc/loadavg").Trim()}, .NET {Environment.Version}.\n");
        if (failures.Length > 0) text.Append(CultureInfo.InvariantCulture, $"\n**FAILED**: {failures[0]}\n");
        return (text.ToString(), failures.Length == 0);

        void Row(string name, double value, string format) =>
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value.ToString(format, CultureInfo.InvariantCulture)} |\n");
    }

    /// <summary>Wallets that come, watch some scripts for a while, and go.</summary>
    private sealed class ConnectionChurn(ServingBed bed) : IDisposable
    {
        private const int Open = 100;
        private const int Subscriptions = 20;

        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

        private readonly Queue<Stream> _streams = new();
        private readonly ArraySegment<ScriptFact> _scripts = bed.Facts.ScriptsWith(1, 1_000);

        public int Opened { get; private set; }

        public List<string> Failures { get; } = [];

        public Task RunAsync(CancellationToken ended) => RepeatAsync(Interval, async () =>
        {
            try
            {
                Stream stream = await bed.Server.Dialer.OpenAsync(tls: true, CancellationToken.None);
                _streams.Enqueue(stream);
                var subscriptions = new RequestList();
                for (int i = 0; i < Subscriptions; i++)
                    subscriptions.Add(new Expectation(RequestKind.Subscribe, _scripts[((Opened * Subscriptions) + i) % _scripts.Count].Hash));
                Opened++;
                if (await new Conversation(stream, Subscriptions).AskAllAsync(subscriptions, static (_, _) => { }, CancellationToken.None) is { } failure) Failures.Add(failure);
                if (_streams.Count > Open) await _streams.Dequeue().DisposeAsync();
            }
            catch (IOException failure)
            {
                Failures.Add(failure.Message);
            }
        }, ended);

        public void Dispose()
        {
            foreach (Stream stream in _streams)
                stream.Dispose();
        }
    }
}
