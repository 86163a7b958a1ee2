// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Answers;

/// <summary>Daemon and server stopped, killed and started again, in any order.</summary>
public sealed class RestartTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>, IAsyncLifetime
{
    /// <summary>Each test begins with both running, however the one before ended.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!fixture.Daemon.IsRunning) await fixture.Daemon.StartAsync();
        if (fixture.Server.Process.HasExited) await fixture.Server.StartAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_server_stopped_and_started_again_gives_the_same_answers()
    {
        await ChainScenario.GrowAsync(fixture.Daemon, 5, seed: 300);
        await fixture.SettleAsync();

        await fixture.Server.StopAsync();
        await ChainScenario.GrowAsync(fixture.Daemon, 5, seed: 301);
        await fixture.Server.StartAsync();

        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task The_server_killed_at_any_moment_continues_where_it_was()
    {
        for (int round = 0; round < 5; round++)
        {
            // Killed while it takes over blocks: it has seen the first of them, the others arrive meanwhile.
            Task growing = ChainScenario.GrowAsync(fixture.Daemon, 8, seed: 310 + round);
            int height = await fixture.Daemon.HeightAsync();
            await using (ElectrumClient client = await fixture.Server.ConnectAsync())
            {
                await client.CallAsync("blockchain.headers.subscribe");
                await client.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() > height);
            }

            await fixture.Server.KillAsync();
            await growing;
            await fixture.Server.StartAsync();
        }

        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task While_the_daemon_is_away_the_server_answers_from_what_it_has()
    {
        NaiveIndex before = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");

        await fixture.Daemon.StopAsync();
        try
        {
            await client.HistoriesShouldMatchAsync(before, LitecoinFixture.PruningLimit, before.ScriptHashes.Take(20));
            await client.HeadersShouldMatchAsync(before);
            var refused = await Should.ThrowAsync<ElectrumErrorException>(() => client.CallAsync("blockchain.transaction.broadcast", "00"));
            refused.ServerMessage.ShouldNotBeNullOrWhiteSpace();
        }
        finally
        {
            await fixture.Daemon.StartAsync();
        }

        await fixture.Daemon.MineAsync();
        await client.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() == before.Height + 1);
        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task A_daemon_that_no_longer_answers_holds_up_nobody_who_asks_for_stored_things()
    {
        NaiveIndex before = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();

        Signal.Stop(fixture.Daemon.ProcessId);
        try
        {
            await client.HistoriesShouldMatchAsync(before, LitecoinFixture.PruningLimit, before.ScriptHashes.Take(20));
            await client.HeadersShouldMatchAsync(before);
        }
        finally
        {
            Signal.Continue(fixture.Daemon.ProcessId);
        }

        await fixture.Daemon.MineAsync();
        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task A_daemon_that_comes_back_with_fewer_blocks_is_not_taken_for_a_reorganisation()
    {
        NaiveIndex before = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.CallAsync("blockchain.headers.subscribe");
        int heard = client.Notifications.Count;

        // The same chain, only shorter for a while, as after a reindex.
        string block = await fixture.Daemon.InvalidateFromAsync(before.Height - 4);
        await fixture.Daemon.StopAsync();
        await fixture.Daemon.StartAsync();
        (await fixture.Daemon.HeightAsync()).ShouldBe(before.Height - 5);
        await client.HeadersShouldMatchAsync(before);
        await fixture.Daemon.Rpc.CallAsync("reconsiderblock", block);
        await Eventually.BecomesAsync(fixture.Daemon.HeightAsync, height => height == before.Height);

        await fixture.Daemon.MineAsync();
        await client.WaitForAsync(notification => notification.Parameters[0].GetProperty("height").GetInt32() == before.Height + 1, heard);
        client.Notifications.Skip(heard).ShouldAllBe(notification => notification.Parameters[0].GetProperty("height").GetInt32() > before.Height);
        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task A_daemon_killed_by_a_power_failure_and_continued_on_another_branch_is_followed()
    {
        await fixture.Daemon.StopAsync();
        await fixture.Daemon.StartAsync();
        await ChainScenario.GrowAsync(fixture.Daemon, 6, seed: 320);
        await fixture.SettleAsync();

        // Nothing was flushed since the start, so these six blocks are lost.
        await fixture.Daemon.KillAsync();
        await fixture.Daemon.StartAsync();
        await ChainScenario.GrowAsync(fixture.Daemon, 9, seed: 321);

        await EverythingIsRightAsync();
    }

    [Fact]
    public async Task The_server_may_be_started_before_the_daemon()
    {
        NaiveIndex before = await fixture.SettleAsync();
        await fixture.Server.StopAsync();
        await fixture.Daemon.StopAsync();

        await fixture.Server.StartAsync();
        try
        {
            await using ElectrumClient client = await fixture.Server.ConnectAsync();
            await client.HeadersShouldMatchAsync(before);
        }
        finally
        {
            await fixture.Daemon.StartAsync();
        }

        await ChainScenario.GrowAsync(fixture.Daemon, 2, seed: 330);
        await EverythingIsRightAsync();
    }

    private async Task EverythingIsRightAsync()
    {
        NaiveIndex index = await fixture.SettleAsync();
        await using ElectrumClient client = await fixture.Server.ConnectAsync();
        await client.ShouldAllMatchAsync(index, LitecoinFixture.PruningLimit);
    }
}
