// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Configuration;

public class FileOf2014Tests
{
    /// <summary>Every key the 2014 server knew, in its own sections and spelling.</summary>
    private const string Complete =
        """
        [server]
        host = electrum.example.org
        report_host = pot.example.org
        stratum_tcp_port = 50011
        stratum_http_port = 8081
        stratum_tcp_ssl_port = 50012
        stratum_http_ssl_port =
        report_stratum_tcp_port = 50001
        report_stratum_http_port = 80
        report_stratum_tcp_ssl_port = 50002
        report_stratum_http_ssl_port = 443
        password = secret
        banner = Welcome to Electrum-POT!\nHave fun.
        irc = yes
        irc_nick = example
        ssl_certfile = /etc/electrum/server.crt
        ssl_keyfile = /etc/electrum/server.key
        coin =
        datadir =

        # default backend is leveldb (pruning server)
        backend = leveldb

        [leveldb]
        #fulltree is the new UTXO tree, required for Electrum 2.0 clients
        path_fulltree = /var/electrum/database
        # for each address, history will be pruned if it is longer than this limit
        pruning_limit = 1000

        [bitcoind]
        host = daemon.example.org
        port = 10332
        # user and password from potcoin.conf
        user = alice
        password = hunter2
        """;

    [Fact]
    public void A_complete_file_means_what_it_meant()
    {
        ServerConfiguration read = ConfigurationFile.Parse(Complete, "/etc/electrum-pot.conf");

        read.Coin.Id.ShouldBe("potcoin");
        read.Get(ServerSection.Host).ShouldBe("electrum.example.org");
        read.Get(ServerSection.ReportHost).ShouldBe("pot.example.org");
        read.Get(ServerSection.TcpPort).ShouldBe(50011);
        read.Get(ServerSection.TlsPort).ShouldBe(50012);
        read.Get(ServerSection.HttpPort).ShouldBe(8081);
        read.Get(ServerSection.HttpTlsPort).ShouldBeNull();
        read.Get(ServerSection.ReportTcpPort).ShouldBe(50001);
        AdvertisedHost host = PartOptions.Electrum(read, []).Hosts.ShouldHaveSingleItem();
        (host.Name, host.TcpPort, host.TlsPort, host.HttpPort, host.HttpTlsPort).ShouldBe(("pot.example.org", 50001, 50002, 80, null));
        read.Get(ServerSection.Password).ShouldBe("secret");
        read.Get(ServerSection.Banner).ShouldBe("Welcome to Electrum-POT!\\nHave fun.");
        read.GetPath(ServerSection.CertificateFile).ShouldBe("/etc/electrum/server.crt");
        read.GetPath(RocksDbSection.Path).ShouldBe("/var/electrum/database");
        read.Get(RocksDbSection.PruningLimit).ShouldBe(1000);

        var daemon = PartOptions.Daemon(read).Endpoints.ShouldHaveSingleItem();
        (daemon.Host, daemon.Port, daemon.User, daemon.Password).ShouldBe(("daemon.example.org", 10332, "alice", "hunter2"));
    }

    [Fact]
    public void Old_names_and_what_is_not_served_are_noted_without_telling_a_password()
    {
        IReadOnlyList<string> notes = ConfigurationFile.Parse(Complete, "pot.conf").Notes;

        notes.ShouldContain("pot.conf, line 26: [leveldb] path_fulltree is an old name of [rocksdb] path; it is still understood");
        notes.ShouldContain("pot.conf, line 30: section [bitcoind] is an old name of [potcoind]; it is still understood");
        PeerSettings.FindIneffective(ConfigurationFile.Parse(Complete, "pot.conf")).ShouldHaveSingleItem().ShouldStartWith("[server] irc has no effect");
        notes.ShouldAllBe(note => !note.Contains("hunter2") && !note.Contains("secret"));
        notes.Count(note => note.Contains("[bitcoind]")).ShouldBe(1);
        // Off before, off now: nothing to say.
        notes.ShouldAllBe(note => !note.Contains("[server] stratum_http_") && !note.Contains("datadir") && !note.Contains("backend"));
    }

    [Fact]
    public void The_path_before_the_full_tree_gives_way_to_the_one_after()
    {
        ServerConfiguration read = ConfigurationFile.Parse("[leveldb]\npath = /old\npath_fulltree = /new\n", "pot.conf");

        read.GetPath(RocksDbSection.Path).ShouldBe("/new");
        read.Notes.ShouldContain("pot.conf, line 2: [leveldb] path is not used because [leveldb] path_fulltree is given on line 3");
    }

    [Fact]
    public void An_old_and_a_new_name_of_one_key_contradict_each_other()
    {
        var wrong = Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse("[bitcoind]\nport = 1\n[potcoind]\nport = 2\n", "pot.conf"));

        wrong.Mistakes.ShouldBe(["pot.conf, line 2: [bitcoind] port is an old name of [potcoind] port, which is given on line 4; remove one of the two"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("off")]
    [InlineData("0")]
    [InlineData("no")]
    public void An_empty_port_is_off(string value) =>
        ConfigurationFile.Parse($"[server]\nstratum_tcp_port = {value}\n", "pot.conf").Get(ServerSection.TcpPort).ShouldBeNull();

    [Fact]
    public void Without_any_key_everything_has_its_default()
    {
        ServerConfiguration read = ConfigurationFile.Parse("", "pot.conf");

        (read.Get(ServerSection.TcpPort), read.Get(ServerSection.TlsPort), read.Get(AdminSection.Port)).ShouldBe((50001, 50002, 8000));
        (read.Get(ServerSection.WebSocketPort), read.Get(ServerSection.WebSocketTlsPort)).ShouldBe((50003, 50004));
        (read.Get(ServerSection.HttpPort), read.Get(ServerSection.HttpTlsPort)).ShouldBe((8081, 8082));
        read.Get(RocksDbSection.PruningLimit).ShouldBe(100);
        read.Get(RocksDbSection.ReorgLimit).ShouldBe(1440);
        read.Get(ServerSection.Host).ShouldBe("localhost");
        PartOptions.Daemon(read).Endpoints[0].Port.ShouldBe(42000);
        read.Notes.ShouldBeEmpty();
    }
}
