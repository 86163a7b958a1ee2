// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>
/// How fast the server answers when there is nothing to do but to answer: what its transport and this machine give at this time.
/// Measured once in a run for each shape of load, before the first scenario that is compared with it.
/// </summary>
internal sealed class Yardstick(ServeOptions options)
{
    private readonly Dictionary<(int Run, LoadShape Shape), LoadOutcome> _measured = [];

    public async Task<LoadOutcome> MeasureAsync(ServingBed bed, LoadShape shape, int run, CancellationToken cancellation)
    {
        if (_measured.TryGetValue((run, shape), out LoadOutcome? known)) return known;
        var requests = new RequestList();
        requests.Add(new Expectation(RequestKind.Ping));
        LoadOutcome outcome = await new LoadRunner(bed).RunAsync(new LoadOrder(shape, requests, options.Length, PerSecond: null, Seed: 0), cancellation);
        _measured[(run, shape)] = outcome;
        return outcome;
    }
}
