// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Naive;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Limits;

public sealed class IsolationTests(ITestOutputHelper output)
{
    private const int Idle = 5_000;
    private const int Windows = 7;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Where an undisturbed answer takes a fraction of a millisecond, twice that is less than one wait for a processor
    /// that test and server share.
    /// </summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Calm and disturbed windows take turns and their medians are compared, so that what else runs on the machine meets
    /// both alike. Without a limit for requests: the flood goes on at full speed, and only taking turns helps the others.
    /// </summary>
    [Fact]
    public async Task A_session_hardly_notices_what_the_others_do()
    {
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 160, LastPowHeight = 70, UseClock = true });
        await using ServerProcess server = node.NewServer(pruningLimit: 100);
        server.Configuration["server", "banner"] = new string('x', 200);
        server.Configuration["limits", "requests_per_second"] = 0;
        await server.StartAsync();
        NaiveIndex index = await node.SettleAsync(server, pruningLimit: 100);

        using var probe = new LatencyProbe(server.TcpPort, index.ScriptHashes.First());
        await probe.MeasureAsync(Window);
        var alone = new List<TimeSpan>();
        for (int i = 0; i < Windows; i++) alone.Add(await probe.MeasureAsync(Window));

        using Attackers attackers = Attackers.Begin(server.TcpPort, Idle);
        var calm = new List<TimeSpan>();
        var disturbed = new List<TimeSpan>();
        for (int i = 0; i < Windows; i++)
        {
            calm.Add(await probe.MeasureAsync(Window));
            long before = attackers.AnsweredBytes;
            attackers.IsFlooding = true;
            disturbed.Add(await probe.MeasureAsync(Window));
            attackers.IsFlooding = false;
            // The flood is one: thousands of answers in this half second.
            (attackers.AnsweredBytes - before).ShouldBeGreaterThan(500_000);
        }

        output.WriteLine($"p99 in ms: alone {Text(alone)}; among {Idle} idle sessions {Text(calm)}; with the flood {Text(disturbed)}; {attackers.AnsweredBytes / 1_000_000} MB of answers to the flood");
        Median(calm).ShouldBeLessThan(Bound(alone));
        Median(disturbed).ShouldBeLessThan(Bound(calm));
        server.Process.ShouldRun();
    }

    /// <summary>
    /// Twice as long, and the floor. On a machine so busy that one undisturbed window was worse than that, nothing less
    /// than that window can be blamed on the attackers.
    /// </summary>
    private static TimeSpan Bound(List<TimeSpan> undisturbed)
    {
        TimeSpan bound = (2 * Median(undisturbed)) + Floor;
        return undisturbed.Max() > bound ? undisturbed.Max() : bound;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static string Text(List<TimeSpan> times) =>
        string.Join(' ', times.Select(time => time.TotalMilliseconds.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)));
}
