// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class PeerTableTests
{
    private static readonly PeerCheck Unreachable = new(PeerVerdict.Unreachable, "away");
    private static readonly PeerCheck Bad = new(PeerVerdict.Bad, "other chain");

    private readonly ManualTime _time = new();

    [Fact]
    public void A_good_peer_is_checked_again_after_the_interval_and_not_before_nine_tenths_of_it()
    {
        PeerTable table = TestPeers.Table(new PeerOptions { CheckInterval = TimeSpan.FromMinutes(100) }, _time);
        table.AddGood("a.example.org t", "9.9.9.9");
        _time.Advance(TimeSpan.FromMinutes(89));
        table.TakeDue(10).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(11));
        table.TakeDue(10).ShouldHaveSingleItem().Host.Name.ShouldBe("a.example.org");
        table.TakeDue(10).ShouldBeEmpty("it is being checked");
    }

    [Fact]
    public void A_peer_that_never_was_good_is_forgotten_after_three_failures_with_doubling_pauses()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.Learn(TestPeers.Announce("a.example.org t"), "test").ShouldBe(LearnResult.New);
        Fail(table, Unreachable).ShouldBe(PeerState.Failing);
        ShouldBeDueAfter(table, TimeSpan.FromMinutes(5));
        Fail(table, Unreachable).ShouldBe(PeerState.Failing);
        ShouldBeDueAfter(table, TimeSpan.FromMinutes(10));
        Fail(table, Unreachable).ShouldBe(PeerState.Forgotten);
        _time.Advance(TimeSpan.FromHours(23));
        table.Learn(TestPeers.Announce("a.example.org t"), "hearsay").ShouldBe(LearnResult.Refused);
        table.TakeDue(10).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromHours(1));
        table.TakeDue(10).ShouldBeEmpty();
        State(table).ShouldBeEmpty();
        table.Learn(TestPeers.Announce("a.example.org t"), "hearsay").ShouldBe(LearnResult.New);
    }

    [Fact]
    public void A_peer_that_once_was_good_gets_ten_tries_and_a_seed_any_number()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.org t", "9.9.9.9");
        var seed = TestPeers.Announce("b.example.org t");
        table.Learn(seed, "seed", isSeed: true);
        for (int i = 1; i <= 10; i++)
        {
            table.Complete(TestPeers.Host("a.example.org"), Unreachable).After.ShouldBe(i < 10 ? PeerState.Failing : PeerState.Forgotten);
            table.Complete(seed.Host, Unreachable).After.ShouldBe(PeerState.Failing);
        }

        _time.Advance(TimeSpan.FromHours(3));
        table.TakeDue(10).ShouldHaveSingleItem().Host.ShouldBe(seed.Host);
    }

    [Fact]
    public void A_bad_peer_rests_for_an_hour_and_is_forgotten_at_the_third_time()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.Learn(TestPeers.Announce("a.example.org t"), "test");
        Fail(table, Bad).ShouldBe(PeerState.Bad);
        ShouldBeDueAfter(table, TimeSpan.FromHours(1));
        Fail(table, Bad).ShouldBe(PeerState.Bad);
        ShouldBeDueAfter(table, TimeSpan.FromHours(1));
        Fail(table, Bad).ShouldBe(PeerState.Forgotten);
        table.Learn(TestPeers.Announce("a.example.org t"), "test", isInvited: true).ShouldBe(LearnResult.Known);
        State(table).ShouldBe([("a.example.org", PeerState.Unchecked)]);
        table.TakeDue(10).Count.ShouldBe(1);
    }

    [Fact]
    public void Strangers_take_half_of_the_checks_at_most()
    {
        PeerTable table = TestPeers.Table(new PeerOptions { MaxConcurrentChecks = 5 }, _time);
        for (int i = 0; i < 10; i++) table.Learn(TestPeers.Announce($"stranger{i}.example.org t"), "hearsay");
        table.TakeDue(5).Count.ShouldBe(3);
        table.TakeDue(2).ShouldBeEmpty("the rest is kept for others");
        table.AddGood("good.example.org t", "9.9.9.9");
        table.Learn(TestPeers.Announce("seed.example.org t"), "seed", isSeed: true);
        _time.Advance(TimeSpan.FromHours(1));
        table.TakeDue(2).Select(target => target.Host.Name).ShouldBe(["seed.example.org", "good.example.org"]);
        table.Complete(TestPeers.Host("stranger0.example.org"), Unreachable);
        table.TakeDue(1).ShouldHaveSingleItem().Host.Name.ShouldStartWith("stranger");
    }

    [Fact]
    public void Other_ports_of_a_good_peer_are_believed_only_from_itself()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.org t50001", "9.9.9.9");
        table.Learn(TestPeers.Announce("a.example.org t1"), "hearsay").ShouldBe(LearnResult.Known);
        table.TakeDue(10).ShouldBeEmpty();
        table.Learn(TestPeers.Announce("a.example.org t50011"), "add_peer", isInvited: true);
        table.TakeDue(10).ShouldBe([new PeerTarget(TestPeers.Host("a.example.org"), new PeerPorts(50001, null), new PeerPorts(50011, null))]);
    }

    [Fact]
    public void A_name_displaces_the_bare_address_of_the_same_server_and_nothing_displaces_a_name()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("9.9.9.9 t", "9.9.9.9");
        table.FindObjection(TestPeers.Host("a.example.org"), IPAddress.Parse("9.9.9.9")).ShouldBeNull();
        table.AddGood("a.example.org t", "9.9.9.9");
        table.AddGood("b.example.org t", "9.9.9.9");
        State(table).ShouldBe([("9.9.9.9", PeerState.Bad), ("a.example.org", PeerState.Good), ("b.example.org", PeerState.Bad)]);
        table.FindObjection(TestPeers.Host("c.example.org"), IPAddress.Parse("9.9.9.9")).ShouldBe("is the same server as a.example.org");
        table.FindObjection(TestPeers.Host("c.example.org"), IPAddress.Parse("9.9.9.8")).ShouldBeNull();
    }

    [Fact]
    public void The_table_is_bounded_and_only_what_failed_makes_room()
    {
        PeerTable table = TestPeers.Table(new PeerOptions { MaxPeers = 3 }, _time);
        table.AddGood("a.example.org t", "9.9.9.1");
        table.AddGood("b.example.org t", "9.9.9.2");
        table.AddGood("c.example.org t", "9.9.9.3");
        table.Learn(TestPeers.Announce("d.example.org t"), "test").ShouldBe(LearnResult.Refused);
        table.Complete(TestPeers.Host("b.example.org"), Unreachable);
        table.Learn(TestPeers.Announce("d.example.org t"), "test").ShouldBe(LearnResult.New);
        State(table).Select(peer => peer.Host).ShouldBe(["a.example.org", "c.example.org", "d.example.org"]);
    }

    [Fact]
    public void Onion_hosts_need_a_proxy_and_never_become_most_of_many()
    {
        TestPeers.Table(null, _time).Learn(TestPeers.Announce(TestPeers.Onion + " t"), "test").ShouldBe(LearnResult.Refused);
        PeerTable table = TestPeers.Table(new PeerOptions { TorProxy = new IPEndPoint(IPAddress.Loopback, 9050), MaxPeers = 1_000 }, _time);
        int taken = Enumerable.Range(0, 300).Count(i => table.Learn(TestPeers.Announce(TestPeers.OnionOf(i) + " t"), "test") == LearnResult.New);
        taken.ShouldBe(100);
        for (int i = 0; i < 110; i++) table.Learn(TestPeers.Announce($"h{i}.example.org t"), "test");
        table.Learn(TestPeers.Announce(TestPeers.OnionOf(301) + " t"), "test").ShouldBe(LearnResult.New);
    }

    [Fact]
    public void We_are_no_peer_of_our_own()
    {
        var own = new OwnIdentities([new AdvertisedHost("Me.example.org") { TcpPort = 50001 }], AddressRules.IsPublic);
        new PeerTable(new PeerOptions(), own, _time).Learn(TestPeers.Announce("me.example.org t50011"), "test").ShouldBe(LearnResult.Refused);
    }

    [Fact]
    public void What_the_blacklist_names_is_bad_at_once_and_due_at_once_when_it_no_longer_does()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.AddGood("a.example.org t", "9.9.9.1");
        table.AddGood("b.example.net t", "9.9.9.2");
        table.AddGood("c.example.com t", "9.9.9.3");
        table.AddGood("d.example.com t", "9.9.9.4");
        table.Apply(Blacklist.Parse("""["A.example.org","*.example.net","9.9.9.3"]"""u8.ToArray()));
        State(table).Where(peer => peer.State == PeerState.Bad).Select(peer => peer.Host).ShouldBe(["a.example.org", "b.example.net", "c.example.com"]);
        foreach (PeerTarget target in table.TakeDue(10)) table.Complete(target.Host, new PeerCheck(PeerVerdict.Bad, Blacklist.Objection));
        table.TakeDue(10).ShouldBeEmpty();
        table.Apply(Blacklist.Empty);
        table.TakeDue(10).Count.ShouldBe(3);
    }

    [Fact]
    public void A_check_that_was_under_way_does_not_take_a_peer_off_the_blacklist()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.Learn(TestPeers.Announce("a.example.org t"), "test");
        table.TakeDue(1).Count.ShouldBe(1);
        table.Apply(Blacklist.Parse("[\"a.example.org\"]"u8.ToArray()));
        table.Complete(TestPeers.Host("a.example.org"), TestPeers.Good(new PeerPorts(50001, null), "9.9.9.9")).After.ShouldBe(PeerState.Bad);
    }

    [Fact]
    public void A_seed_stays_one_when_it_is_known_from_an_earlier_run()
    {
        PeerTable table = TestPeers.Table(null, _time);
        table.Restore(new Peer(TestPeers.Host("a.example.org"), new PeerPorts(50001, null), "irc"));
        table.Learn(TestPeers.Announce("a.example.org t"), "seed", isSeed: true).ShouldBe(LearnResult.Known);
        for (int i = 0; i < 5; i++) Fail(table, Unreachable).ShouldBe(PeerState.Failing);
    }

    private static PeerState Fail(PeerTable table, PeerCheck check) => table.Complete(TestPeers.Host("a.example.org"), check).After;

    private void ShouldBeDueAfter(PeerTable table, TimeSpan pause)
    {
        _time.Advance(pause - TimeSpan.FromSeconds(1));
        table.TakeDue(10).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));
        table.TakeDue(10).Count.ShouldBe(1);
    }

    private static List<(string Host, PeerState State)> State(PeerTable table) =>
        [.. table.Select(peer => (peer.Host.Name, peer.State)).OrderBy(peer => peer.Name, StringComparer.Ordinal)];
}
