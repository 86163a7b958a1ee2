// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestLog _log = new();
    private readonly ManualTime _time = new();

    private string File => Path.Combine(_folder.Path, "peers.json");

    [Fact]
    public void Peers_come_back_as_they_were()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.org t50001 s50002", "9.9.9.9");
        table.Learn(TestPeers.Announce("b.example.org s"), "irc");
        new PeerStore(File, _log).Save(table.Select(PeerStore.Write));
        Directory.GetFiles(_folder.Path).ShouldBe([File], "the draft has been renamed");

        PeerTable next = TestPeers.Table(null, _time);
        foreach (Peer peer in new PeerStore(File, _log).Load(_time.GetUtcNow())) next.Restore(peer);

        List<PeerInfo> peers = next.Select(peer => peer.Describe());
        PeerInfo good = peers.Single(peer => peer.Host == "a.example.org");
        (good.State, good.Ports, good.Source, good.ServerVersion).ShouldBe((PeerState.Good, new PeerPorts(50001, 50002), "test", "Scripted 1.0"));
        (good.Address?.ToString(), good.LastGood).ShouldBe(("9.9.9.9", _time.GetUtcNow()));
        peers.Single(peer => peer.Host == "b.example.org").State.ShouldBe(PeerState.Unchecked);
        next.TakeDue(10).Count.ShouldBe(2, "all are examined anew");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"host\":")]
    public void A_damaged_file_is_ignored_with_a_line_in_the_log(string text)
    {
        System.IO.File.WriteAllText(File, text);
        new PeerStore(File, _log).Load(_time.GetUtcNow()).ShouldBeEmpty();
        _log.Errors.ShouldHaveSingleItem().ShouldContain(File);
    }

    [Fact]
    public void Entries_that_cannot_be_are_left_out_and_the_future_is_now()
    {
        System.IO.File.WriteAllText(
            File,
            """
            [1, null, {}, {"host":"localhost","tcp_port":1}, {"host":"a.example.org"}, {"host":"a.example.org","tcp_port":70000},
             {"host":"b.example.org","ssl_port":50002,"good":true}, {"host":"c.example.org","tcp_port":1,"good":true,"last_good":"2999-01-01T00:00:00Z"}]
            """);
        IReadOnlyList<Peer> peers = new PeerStore(File, _log).Load(_time.GetUtcNow());
        peers.Select(peer => (peer.Host.Name, peer.State, peer.LastGood)).ShouldBe(
            [("b.example.org", PeerState.Unchecked, null), ("c.example.org", PeerState.Good, _time.GetUtcNow())]);
        _log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_a_line_in_the_log()
    {
        new PeerStore(Path.Combine(_folder.Path, "missing", "peers.json"), _log).Save([]);
        _log.Errors.ShouldHaveSingleItem();
    }

    public void Dispose() => _folder.Dispose();
}
