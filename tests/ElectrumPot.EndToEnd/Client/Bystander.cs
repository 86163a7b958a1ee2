// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Client;

/// <summary>A well-behaved session that keeps asking while others misbehave, and must not notice them.</summary>
internal sealed class Bystander : IAsyncDisposable
{
    /// <summary>Far above what a request takes, far below what a blocked server would cost; two cores are shared with the attackers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ElectrumClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _asking;
    private TimeSpan _slowest;
    private int _answers;

    private Bystander(ElectrumClient client)
    {
        _client = client;
        _asking = AskAsync();
    }

    public static async Task<Bystander> WatchAsync(ServerProcess server) => new(await server.ConnectAsync());

    /// <summary>Ends the asking; fails if any answer was missing or late.</summary>
    public async Task ShouldNotHaveNoticedAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _answers.ShouldBeGreaterThan(0);
        _slowest.ShouldBeLessThan(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            JsonElement tip = await _client.CallAsync("blockchain.headers.subscribe");
            tip.GetProperty("height").GetInt32().ShouldBeGreaterThan(0);
            _answers++;
            if (clock.Elapsed > _slowest) _slowest = clock.Elapsed;
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }
    }
}
