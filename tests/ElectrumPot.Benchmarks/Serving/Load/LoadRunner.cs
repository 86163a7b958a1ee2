// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Benchmarks.Importing;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <param name="Depth">Requests under way on each connection.</param>
internal sealed record LoadShape(bool Tls, int Connections, int Depth);

/// <param name="PerSecond">Of an open loop; null for a closed one.</param>
internal sealed record LoadOrder(LoadShape Shape, RequestList Requests, TimeSpan Length, double? PerSecond, ulong Seed);

/// <summary>What came of a run.</summary>
/// <param name="Latency">Of the replies within the window.</param>
/// <param name="Failure">Null when all replies were results and those that were examined were right.</param>
internal sealed record LoadOutcome(
    LatencyHistogram Latency, double Seconds, TimeSpan ServerCpu, TimeSpan? DaemonCpu, TimeSpan GeneratorCpu, long Resident, string? Failure)
{
    public long Replies => Latency.Count;

    public double PerSecond => Replies / Seconds;

    /// <summary>Seconds of CPU for 10,000 requests.</summary>
    public double Per10000(TimeSpan cpu) => Replies == 0 ? 0 : cpu.TotalSeconds * 10_000 / Replies;
}

/// <summary>Puts a load on the server and watches both.</summary>
internal sealed class LoadRunner(ServingBed bed)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);

    /// <param name="meanwhile">Done from the opening of the window on, and cancelled at its end.</param>
    public async Task<LoadOutcome> RunAsync(LoadOrder order, CancellationToken cancellation, Func<CancellationToken, Task>? meanwhile = null)
    {
        var connections = new List<Stream>();
        try
        {
            for (int i = 0; i < order.Shape.Connections; i++)
                connections.Add(await bed.Server.Dialer.OpenAsync(order.Shape.Tls, cancellation));
            // Away from the thread of the sockets.
            await Task.Yield();
            LoadWindow window = LoadWindow.Open(WarmUp, order.Length);
            (Task load, Func<IEnumerable<LoadTally>> tallies) = Start(order, connections, window, cancellation);
            await DelayUntilAsync(window.From, cancellation);
            Usage before = Usage.Now(bed);
            using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task beside = meanwhile?.Invoke(closed.Token) ?? Task.CompletedTask;
            await DelayUntilAsync(window.To, cancellation);
            Usage after = Usage.Now(bed);
            await closed.CancelAsync();
            await beside;
            await load;
            await Task.Yield();
            return Sum([.. tallies()], window, before, after);
        }
        finally
        {
            foreach (Stream connection in connections)
                await connection.DisposeAsync();
        }
    }

    private static (Task Load, Func<IEnumerable<LoadTally>> Tallies) Start(LoadOrder order, List<Stream> connections, LoadWindow window, CancellationToken cancellation)
    {
        if (order.PerSecond is { } rate)
        {
            var open = new OpenLoop(connections, order.Requests, rate, window, order.Seed);
            return (open.RunAsync(cancellation), () => open.Tallies);
        }

        // Each begins elsewhere, so that they do not all ask for the same at the same time.
        ClosedLoop[] loops = [.. connections.Select((stream, i) =>
            new ClosedLoop(stream, order.Requests, order.Shape.Depth, (int)((long)i * order.Requests.Count / connections.Count), window))];
        return (Task.WhenAll(loops.Select(loop => loop.RunAsync(cancellation))), () => loops.Select(loop => loop.Tally));
    }

    private LoadOutcome Sum(LoadTally[] tallies, LoadWindow window, Usage before, Usage after)
    {
        var latency = new LatencyHistogram();
        foreach (LoadTally tally in tallies)
            latency.Add(tally.Latency);
        return new LoadOutcome(
            latency,
            window.Length.TotalSeconds,
            after.Server.Cpu - before.Server.Cpu,
            after.Daemon - before.Daemon,
            after.Own - before.Own,
            after.Server.Resident,
            FailureOf(tallies));
    }

    private string? FailureOf(LoadTally[] tallies)
    {
        int errors = tallies.Sum(tally => tally.Errors);
        if (errors > 0) return string.Create(CultureInfo.InvariantCulture, $"{errors:N0} replies are errors, the first: {tallies.First(tally => tally.Errors > 0).FirstError}");
        if (tallies.All(tally => tally.Replies == 0)) return "no reply came";
        var check = new ReplyCheck(bed.Facts, bed.IsPruned, bed.HasGrown);
        string[] wrong = [.. tallies.SelectMany(tally => tally.Samples).Select(sample => check.Examine(sample.Asked, sample.Result)).OfType<string>()];
        return wrong.Length == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{wrong.Length:N0} replies of those examined are wrong, the first: {wrong[0]}");
    }

    private static async Task DelayUntilAsync(long timestamp, CancellationToken cancellation)
    {
        TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (left > TimeSpan.Zero) await Task.Delay(left, cancellation);
    }

    private readonly record struct Usage(ProcessFigures Server, TimeSpan? Daemon, TimeSpan Own)
    {
        public static Usage Now(ServingBed bed) => new(
            bed.Server.Figures,
            bed.DaemonPid is { } pid ? ProcessFigures.Read(pid)?.Cpu : null,
            Environment.CpuUsage.TotalTime);
    }
}
