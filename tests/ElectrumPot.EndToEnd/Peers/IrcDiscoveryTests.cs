// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.BothEras;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Server;
using ElectrumPot.Simulation;

namespace ElectrumPot.EndToEnd.Peers;

/// <summary>Discovery over a real IRC daemon. Names of other servers are on the blacklist, so that none is looked up.</summary>
public sealed class IrcDiscoveryTests
{
    private const string Channel = "#electrum-pot";
    private const string OwnNick = "EP_tested";

    [Fact]
    public async Task A_server_shows_itself_finds_others_and_comes_back_after_the_network_was_away()
    {
        await using var network = new IrcNetwork();
        await network.StartAsync();
        // The first in a channel has rank, so its nick comes with a sign, and it is the first of the list.
        await using IrcMember first = await IrcMember.JoinAsync(network.Port, "EP_first", "first.example.org v0.9 p100 t h s ", Channel);
        await using var node = new TemporaryDevNode();
        await node.StartAsync(new DevNodeOptions { BlockCount = 20, UseClock = true });
        await using ServerProcess server = node.NewServer(pruningLimit: 100);
        Configure(server, network.Port);
        await server.StartAsync();

        await first.HearsAsync($"{OwnNick}!");
        await first.SayAsync($"WHO {OwnNick}");
        (await first.HearsAsync(" 352 ")).ShouldEndWith($"tested.example.org v1.7 p100 t{server.TcpPort} s{server.TlsPort}", customMessage: "the real name");
        await FindsAsync(server, "first.example.org ports=t50001 s50002 source=irc");
        await using IrcMember later = await IrcMember.JoinAsync(network.Port, "EP_later", "later.example.org v1.6 s50012", Channel);
        await FindsAsync(server, "later.example.org ports=s50012 source=irc");
        await using IrcMember stranger = await IrcMember.JoinAsync(network.Port, "EL_other", "other.example.org v1.6 s", Channel);

        await using (ElectrumClient wallet = await server.ConnectAsync())
        {
            string told = (await wallet.CallAsync("server.peers.subscribe")).GetRawText();
            told.ShouldContain("tested.example.org");
            told.ShouldNotContain("first.example.org", customMessage: "what only stands in the channel is not told to wallets");
        }

        await network.StopAsync();
        await Eventually.HoldsAsync(() => server.Process.Output.Contains("irc lost", StringComparison.Ordinal));
        await network.StartAsync();
        await using IrcMember again = await IrcMember.JoinAsync(network.Port, "EP_again", "again.example.org t", Channel);
        await FindsAsync(server, "again.example.org ports=t50001 source=irc");

        server.Process.Output.ShouldNotContain("other.example.org", customMessage: "a server of another coin");
        await server.StopAsync();
        server.Process.Output.ShouldNotContain(" ERR ");
    }

    private static void Configure(ServerProcess server, int ircPort)
    {
        string blacklist = Path.Combine(server.Folder, "blacklist.json");
        File.WriteAllText(blacklist, "[\"*.example.org\"]");
        server.Configuration["server", "report_host"] = "tested.example.org";
        server.Configuration["server", "irc"] = "yes";
        server.Configuration["server", "irc_nick"] = "tested";
        server.Configuration["peers", "discovery"] = "on";
        server.Configuration["peers", "blacklist_file"] = blacklist;
        server.Configuration["peers", "irc_server"] = "127.0.0.1";
        server.Configuration["peers", "irc_port"] = ircPort;
    }

    private static Task FindsAsync(ServerProcess server, string words) =>
        Eventually.HoldsAsync(() => server.Process.Output.Contains($"peer found host={words}", StringComparison.Ordinal), TimeSpan.FromSeconds(30), $"found {words}");
}
