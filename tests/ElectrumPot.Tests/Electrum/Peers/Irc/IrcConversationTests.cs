// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Peers.Irc;
using ElectrumPot.Tests.Electrum.Support;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers.Irc;

public sealed class IrcConversationTests
{
    private static readonly IrcIdentity Me = new("EP_", "EP_me", "me.example.org v1.7 t s ");

    private readonly List<string> _sent = [];
    private readonly List<PeerAnnouncement> _found = [];
    private readonly IrcConversation _conversation;

    public IrcConversationTests() => _conversation = new IrcConversation(Me, "#electrum-pot", _sent.Add, found =>
    {
        bool isNew = !_found.Contains(found);
        _found.Add(found);
        return isNew;
    });

    [Fact]
    public void Nick_and_real_name_are_those_of_the_vectors()
    {
        JsonElement vector = Vectors.All.GetProperty("irc");
        var host = new AdvertisedHost(vector.GetProperty("host").GetString()!)
        {
            TcpPort = Port("tcp"), TlsPort = Port("ssl"), HttpPort = Port("http"), HttpTlsPort = Port("https"),
        };
        IrcIdentity identity = IrcIdentity.For("EP_", "", host, vector.GetProperty("version").GetString()!, vector.GetProperty("pruning_limit").GetInt32());
        identity.RealName.ShouldBe(vector.GetProperty("realname").GetString());
        identity.Nick.ShouldBe(vector.GetProperty("default_nick").GetString());

        int? Port(string name) => int.TryParse(vector.GetProperty(name).GetString(), CultureInfo.InvariantCulture, out int port) ? port : null;
    }

    [Fact]
    public void Ports_come_in_the_order_of_2014_with_numbers_where_they_are_not_the_default()
    {
        var host = new AdvertisedHost("me.example.org") { TcpPort = 1, HttpPort = 2, TlsPort = 50002, HttpTlsPort = 8082, WebSocketPort = 3 };
        IrcIdentity identity = IrcIdentity.For("EP_", "mine", host, "1.7", 0);
        (identity.Nick, identity.RealName).ShouldBe(("EP_mine", "me.example.org v1.7 t1 h2 s g "));
    }

    [Fact]
    public void The_log_in_is_that_of_2014_and_the_channel_follows_the_welcome()
    {
        _conversation.LogIn();
        Sent().ShouldBe(["USER electrum 0 * :me.example.org v1.7 t s ", "NICK EP_me"]);
        Receive(":irc.example.net NOTICE * :*** Looking up your hostname", "PING :cookie123", "ping other");
        Sent().ShouldBe(["PONG :cookie123", "PONG :other"]);
        Receive(":irc.example.net 001 EP_me :Welcome");
        Sent().ShouldBe(["JOIN #electrum-pot"]);
        _conversation.IsJoined.ShouldBeFalse();
        Receive(":EP_me!~electrum@host JOIN :#electrum-pot");
        _conversation.IsJoined.ShouldBeTrue();
    }

    [Fact]
    public void Every_server_in_the_list_is_asked_about_whatever_stands_before_its_nick()
    {
        Join();
        Receive(":irc.example.net 353 EP_me = #electrum-pot :EP_first @EP_operator +EP_voiced ~&EP_owner EP_me someone E_bitcoin ep_small EP_first");
        Asked().ShouldBe(["WHO EP_first", "WHO EP_operator", "WHO EP_voiced", "WHO EP_owner", "WHO ep_small"]);
    }

    [Fact]
    public void A_server_that_comes_later_is_asked_about_at_once()
    {
        Join();
        Receive(":EP_new!~electrum@host JOIN #electrum-pot", ":someone!x@host JOIN #electrum-pot", ":EP_old!x@host NICK :EP_renamed", ":EP_gone!x@host QUIT :bye");
        Asked().ShouldBe(["WHO EP_new", "WHO EP_renamed"]);
    }

    [Fact]
    public void A_new_round_begins_with_the_list_again()
    {
        Join();
        Receive(":irc.example.net 353 EP_me = #electrum-pot :EP_first EP_second");
        _conversation.AskOne();
        Sent().ShouldBe(["WHO EP_first"]);
        _conversation.List();
        Sent().ShouldBe(["NAMES #electrum-pot"]);
        Asked().ShouldBeEmpty();
        Receive(":irc.example.net 353 EP_me = #electrum-pot :EP_first");
        Asked().ShouldBe(["WHO EP_first"]);
    }

    [Theory]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_a H :0 a.example.org v0.9 p100 t h s ", "a.example.org t50001 s50002")]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_a H@ :3 a.example.org v1.6 s50012", "a.example.org s50012")]
    [InlineData(":irc 352 EP_me * ~electrum host.mask irc.example.net EP_a H :0 a.example.org v1.6 t s", "a.example.org t50001 s50002")]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_me H :0 me.example.org v1.6 t s", null)]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net someone H :0 a.example.org v1.6 t s", null)]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_a H :0 a.example.org v1.6 t99999", null)]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_a H :0 localhost t", null)]
    [InlineData(":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net EP_a H :0", null)]
    [InlineData(":irc 352 EP_me", null)]
    public void A_description_is_read_where_it_is_one(string line, string? announcement)
    {
        Join();
        Receive(":irc 353 EP_me = #electrum-pot :EP_a EP_me someone");
        Asked();
        Receive(line);
        _found.Select(found => found.ToString()).ShouldBe(announcement is null ? [] : [announcement]);
    }

    [Fact]
    public void A_description_that_nobody_asked_for_is_passed_over_and_so_is_a_second_one()
    {
        Join();
        Receive(Description("EP_a", "a.example.org"));
        _found.ShouldBeEmpty("it was not asked for");
        Receive(":irc 353 EP_me = #electrum-pot :EP_a EP_b");
        _conversation.AskOne();
        Receive(Description("EP_b", "b.example.org"), Description("ep_A", "a.example.org"), Description("EP_a", "other.example.org"));
        _found.Select(found => found.Host.Name).ShouldBe(["a.example.org"]);
        _conversation.AskOne();
        _conversation.List();
        Receive(Description("EP_b", "b.example.org"));
        _found.Count.ShouldBe(1, "it belongs to the round before");
    }

    [Fact]
    public void A_round_brings_twenty_new_servers_at_most_and_known_ones_do_not_count()
    {
        Join();
        for (int round = 1; round <= 2; round++)
        {
            Receive($":irc 353 EP_me = #electrum-pot :{string.Join(' ', Enumerable.Range(0, 100).Select(i => $"EP_{i}"))}");
            Asked();
            for (int i = 0; i < 100; i++) Receive(Description($"EP_{i}", $"h{i}.example.org"));
            _found.Distinct().Count().ShouldBe(20 * round);
            _conversation.List();
        }
    }

    [Fact]
    public void A_taken_nick_gets_a_number_and_the_network_has_the_last_word()
    {
        _conversation.LogIn();
        Sent();
        Receive(":irc 433 * EP_me :Nickname already in use", ":irc 433 * EP_me1 :Nickname already in use");
        Sent().ShouldBe(["NICK EP_me1", "NICK EP_me2"]);
        Receive(":irc 001 EP_me2 :Welcome", ":EP_me2!x@y JOIN #electrum-pot", ":irc 353 EP_me2 = #electrum-pot :EP_me EP_me2");
        Sent().ShouldBe(["JOIN #electrum-pot"]);
        Asked().ShouldBe(["WHO EP_me"]);
    }

    [Fact]
    public void After_a_kick_the_next_round_begins_with_joining()
    {
        Join();
        Receive(":op!x@y KICK #electrum-pot EP_other :out");
        _conversation.IsJoined.ShouldBeTrue();
        Receive(":op!x@y KICK #electrum-pot EP_me :out");
        _conversation.IsJoined.ShouldBeFalse();
        _conversation.List();
        Sent().ShouldBe(["JOIN #electrum-pot"]);
    }

    [Fact]
    public void Questions_are_bounded()
    {
        Join();
        for (int i = 0; i < 100; i++) Receive($":irc 353 EP_me = #electrum-pot :{string.Join(' ', Enumerable.Range(i * 10, 10).Select(n => $"EP_{n}"))}");
        Asked().Count.ShouldBe(200);
    }

    [Fact]
    public void Whatever_the_network_says_nothing_breaks_and_no_line_is_torn() => Prop.ForAll<string, string>((one, other) =>
    {
        string text = $"{one} {other}";
        Receive(text, $":EP_x!a@b {text}", $":irc 353 EP_me = #c :{text}", $":irc 352 {text}", $"PING {text.ReplaceLineEndings("")}", $":{one}!x@y JOIN");
        Asked();
        Sent().ShouldAllBe(line => !line.Contains('\n'));
    }).QuickCheckThrowOnFailure();

    private void Join()
    {
        _conversation.LogIn();
        Receive(":irc 001 EP_me :Welcome", ":EP_me!~electrum@host JOIN :#electrum-pot");
        _sent.Clear();
    }

    private static string Description(string nick, string host) => $":irc 352 EP_me #electrum-pot ~electrum host.mask irc.example.net {nick} H :0 {host} v1.6 t s";

    private void Receive(params string[] lines)
    {
        foreach (string line in lines) _conversation.Receive(line);
    }

    private List<string> Sent()
    {
        List<string> sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    private List<string> Asked()
    {
        for (int i = 0; i < 300; i++) _conversation.AskOne();
        return Sent();
    }
}
