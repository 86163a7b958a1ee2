// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Configuration;

public class MistakeTests
{
    private const string CoinFile =
        """
        # A coin of its own.
        [coin:mycoin]
        name = My coin
        algo = sha256d
        genesis_hash = 0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206
        message_start = fabfb5da
        address_version = 111
        script_version = 196
        transaction_format = segwit
        block_format = plain
        rpc_port = 18443
        block_time = 600
        """;

    [Theory]
    [InlineData("[server]\nstratum_tcp_port = 70000", "pot.conf, line 2: [server] stratum_tcp_port = 70000: must be a port from 1 to 65535, or empty for off")]
    [InlineData("[server]\n\n\nstratum_tcp_prot = 1", "pot.conf, line 4: [server] stratum_tcp_prot is not known; did you mean stratum_tcp_port?")]
    [InlineData("[server]\npruning_limit = 1", "pot.conf, line 2: [server] pruning_limit is not known; pruning_limit belongs into section [rocksdb]")]
    [InlineData("[potcoin]\nhost = x", "pot.conf, line 1: section [potcoin] is not known; did you mean [potcoind]?")]
    [InlineData("[rocksdb]\npruning_limit = -1", "pot.conf, line 2: [rocksdb] pruning_limit = -1: must be a whole number from 0 to 1000000000 (spent outputs)")]
    [InlineData("[rocksdb]\npruning_limit = many", "pot.conf, line 2: [rocksdb] pruning_limit = many: must be a whole number from 0 to 1000000000 (spent outputs)")]
    [InlineData("[schedule]\ntip_poll = 1h", "pot.conf, line 2: [schedule] tip_poll = 1h: must be a time from 50ms to 1min, such as 500ms, 5s, 10min, 2h or 1d")]
    [InlineData("[schedule]\ntip_poll = 5 bananas", "pot.conf, line 2: [schedule] tip_poll = 5 bananas: must be a time from 50ms to 1min, such as 500ms, 5s, 10min, 2h or 1d")]
    [InlineData("[schedule]\ntip_poll = 99999999999999999999", "pot.conf, line 2: [schedule] tip_poll = 99999999999999999999: must be a time from 50ms to 1min, such as 500ms, 5s, 10min, 2h or 1d")]
    [InlineData("[rocksdb]\nsnapshot_url = /var/x.tar", "pot.conf, line 2: [rocksdb] snapshot_url = /var/x.tar: must be an address that begins with http:// or https://, or empty")]
    [InlineData("[rocksdb]\nsnapshot_url = ftp://example.org/x.tar", "pot.conf, line 2: [rocksdb] snapshot_url = ftp://example.org/x.tar: must be an address that begins with http:// or https://, or empty")]
    [InlineData("[schedule]\nsnapshot = 5min", "pot.conf, line 2: [schedule] snapshot = 5min: must be off, or a time from 1h to 45d, such as 500ms, 5s, 10min, 2h or 1d")]
    [InlineData("[log]\nlevel = wraning", "pot.conf, line 2: [log] level = wraning: must be one of debug, info, warning, error; did you mean 'warning'?")]
    [InlineData("[server]\nirc = maybe", "pot.conf, line 2: [server] irc = maybe: must be yes or no")]
    [InlineData("host = x", "pot.conf, line 1: a [section] must come before the first key")]
    [InlineData("[server]\nhost", "pot.conf, line 2: 'host' is neither a [section] nor key = value")]
    [InlineData("[server]\nhost = a\nhost = b", "pot.conf, line 3: 'host' is given on line 2 already; remove one of the two")]
    [InlineData("[server]\ncoin = potcoim", "pot.conf, line 2: [server] coin = potcoim: must be one of bitcoin-regtest, litecoin-regtest, potcoin; did you mean potcoin?")]
    [InlineData("[server]\nprotocol_max = 1.5", "pot.conf, line 2: [server] protocol_max = 1.5: must be one of 0.8, 0.9, 0.10, 1.0, 1.1, 1.2, 1.3, 1.4, 1.4.1, 1.4.2, 1.4.3, 1.6, 1.7")]
    [InlineData("[server]\nprotocol_min = 1.6\nprotocol_max = 1.4", "pot.conf: [server] protocol_min = 1.6 is newer than protocol_max = 1.4; exchange them or remove one")]
    [InlineData("[server]\ncoin = dogecoin", "pot.conf, line 2: [server] coin = dogecoin: must be one of bitcoin-regtest, litecoin-regtest, potcoin; define it in a section [coin:NAME]")]
    public void A_mistake_is_told_with_file_line_key_and_what_is_allowed(string text, string message) =>
        Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse(text, "pot.conf")).Mistakes.ShouldBe([message]);

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var wrong = Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse("[server]\nstratum_tcp_port = x\nhots = y\n[databse]\n", "pot.conf"));

        wrong.Mistakes.Count.ShouldBe(3);
    }

    [Fact]
    public void Any_unknown_key_is_refused_with_the_known_ones()
    {
        string message = Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse("[admin]\nqqqqqq = 1", "pot.conf")).Message;

        message.ShouldBe("pot.conf, line 2: [admin] qqqqqq is not known; known are port");
    }

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("5", 5_000)]
    [InlineData("5s", 5_000)]
    [InlineData("5 s", 5_000)]
    [InlineData("1min", 60_000)]
    [InlineData("1m", 60_000)]
    public void Times_are_written_with_their_unit(string text, int milliseconds) =>
        ConfigurationFile.Parse($"[schedule]\ntip_poll = {text}", "pot.conf").Get(ScheduleSection.TipPoll).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("genesis_hash = 00", "[coin:mycoin] genesis_hash: '00' is not 64 hexadecimal digits", 5)]
    [InlineData("algo = md5", "[coin:mycoin] algo: 'md5' is not one of scrypt, sha256d", 4)]
    [InlineData("rpc_port = 0", "[coin:mycoin] rpc_port: '0' is not a whole number from 1 to 65535", 11)]
    [InlineData("algorithm = scrypt", "[coin:mycoin] algorithm: unknown key", 13)]
    public void A_wrong_coin_is_refused_with_key_reason_and_line(string line, string reason, int number)
    {
        string key = line.Split(' ')[0] + " =";
        string[] lines = CoinFile.Split('\n');
        string text = CoinFile.Contains($"\n{key}", StringComparison.Ordinal)
            ? string.Join('\n', lines.Select(old => old.StartsWith(key, StringComparison.Ordinal) ? line : old))
            : $"{CoinFile}\n{line}";

        string message = Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse(text, "pot.conf")).Message;

        message.ShouldStartWith($"pot.conf, line {number}: {reason}");
    }

    [Fact]
    public void A_coin_without_a_key_it_needs_is_refused()
    {
        string text = CoinFile.Replace("message_start = fabfb5da\n", "", StringComparison.Ordinal);

        Should.Throw<ConfigurationException>(() => ConfigurationFile.Parse(text, "pot.conf")).Message.ShouldBe("pot.conf, line 2: [coin:mycoin] message_start: is missing");
    }

    [Fact]
    public void A_coin_of_the_file_can_be_selected()
    {
        ServerConfiguration read = ConfigurationFile.Parse($"{CoinFile}\n[server]\ncoin = mycoin\n", "pot.conf");

        read.Coin.Name.ShouldBe("My coin");
        PartOptions.Daemon(read).Endpoints[0].Port.ShouldBe(18443);
    }

    [Fact]
    public void A_relative_path_begins_at_the_folder_of_the_file()
    {
        ServerConfiguration read = ConfigurationFile.Parse("[rocksdb]\npath = db\n[server]\nssl_certfile = ~/server.crt", "/etc/pot/pot.conf");

        read.GetPath(RocksDbSection.Path).ShouldBe("/etc/pot/db");
        read.GetPath(ServerSection.CertificateFile).ShouldBe(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "server.crt"));
        read.GetPath(ServerSection.KeyFile).ShouldBeNull();
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, true)]
    public void Passwords_that_everybody_can_read_are_warned_of(UnixFileMode mode, bool warned)
    {
        using var folder = new TestFolder();
        string file = folder.Write("pot.conf", "[potcoind]\nuser = alice\npassword = hunter2\n");
        File.SetUnixFileMode(file, mode);

        string? warning = ConfigurationFile.FindExposure(ConfigurationFile.Load(file));

        (warning is not null).ShouldBe(warned);
        (warning ?? "").ShouldNotContain("hunter2");
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Should.Throw<ConfigurationException>(() => ConfigurationFile.Load("/nowhere/pot.conf")).Message
            .ShouldBe("/nowhere/pot.conf does not exist; copy electrum-pot.conf.sample there or name another file with --config");
}
