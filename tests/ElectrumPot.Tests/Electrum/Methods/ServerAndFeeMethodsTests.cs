// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

public sealed class ServerAndFeeMethodsTests
{
    [Fact]
    public async Task The_banner_knows_its_variables_and_breaks_lines()
    {
        await using var server = new TestSessions(change: options => options with
        {
            Banner = "Welcome\\nto $SERVER_SUBVERSION ($SERVER_VERSION), daemon $DAEMON_VERSION, $DONATION_ADDRESS $OTHER",
            DonationAddress = "P$SERVER_VERSION",
        });
        TestWallet wallet = server.Connect();
        (await wallet.CallAsync("server.banner")).GetProperty("result").GetString()
            .ShouldBe("Welcome\nto ElectrumPot 1.2.3 (1.2.3), daemon v0.8.7.2-POSv, P$SERVER_VERSION $OTHER");
        (await wallet.ResultAsync("server.donation_address")).ShouldBe("\"P$SERVER_VERSION\"");
    }

    [Fact]
    public async Task A_banner_file_is_read_again_and_its_absence_is_no_error()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "one", TestContext.Current.CancellationToken);
        await using var server = new TestSessions(change: options => options with { BannerFile = file, Banner = "fallback" });
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("server.banner")).ShouldBe("\"one\"");
        await File.WriteAllTextAsync(file, "two", TestContext.Current.CancellationToken);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        (await wallet.ResultAsync("server.banner")).ShouldBe("\"two\"");
        File.Delete(file);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        (await wallet.ResultAsync("server.banner")).ShouldBe("\"two\"");
        await using var without = new TestSessions(change: options => options with { BannerFile = file, Banner = "fallback" });
        (await without.Connect().ResultAsync("server.banner")).ShouldBe("\"fallback\"");
    }

    [Theory]
    [InlineData(0, "null")]
    [InlineData(100, "100")]
    public async Task Features_tell_what_wallets_and_peers_compare(int pruningLimit, string pruning)
    {
        await using var server = new TestSessions(change: options => options with
        {
            PruningLimit = pruningLimit,
            Hosts = [new AdvertisedHost("electrum.example.org") { TcpPort = 50001 }],
        });
        (await server.Connect().ResultAsync("server.features")).ShouldBe(
            """{"hosts":{"electrum.example.org":{"tcp_port":50001,"ssl_port":null}},"""
            + "\"genesis_hash\":\"de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec\",\"hash_function\":\"sha256\","
            + "\"server_version\":\"ElectrumPot 1.2.3\",\"protocol_min\":\"0.8\",\"protocol_max\":\"1.7\",\"pruning\":" + pruning + ",\"services\":[\"tcp://electrum.example.org:50001\"]}");
    }

    [Fact]
    public async Task Features_name_every_transport_of_every_host_and_the_hash_function_up_to_1_6()
    {
        await using var server = new TestSessions(change: options => options with
        {
            Hosts =
            [
                new AdvertisedHost("electrum.example.org") { TcpPort = 1, TlsPort = 2, WebSocketPort = 3, WebSocketTlsPort = 4, HttpPort = 5, HttpTlsPort = 6 },
                new AdvertisedHost("2606:4700::1111") { TlsPort = 2 },
            ],
        });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        string features = await wallet.ResultAsync("server.features");
        features.ShouldStartWith(
            """{"hosts":{"electrum.example.org":{"tcp_port":1,"ssl_port":2,"ws_port":3,"wss_port":4},"2606:4700::1111":{"tcp_port":null,"ssl_port":2}},""");
        features.ShouldContain("\"hash_function\":\"sha256\"");
        features.ShouldEndWith(
            ""","services":["tcp://electrum.example.org:1","ssl://electrum.example.org:2","ws://electrum.example.org:3","wss://electrum.example.org:4","ssl://[2606:4700::1111]:2"]}""");
        TestWallet newest = server.Connect();
        await newest.NegotiateAsync("1.7");
        (await newest.ResultAsync("server.features")).ShouldNotContain("hash_function");
    }

    [Theory]
    [InlineData("1.6", true)]
    [InlineData("1.7", false)]
    public async Task The_hash_function_is_told_until_1_6(string version, bool isTold)
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        (await wallet.CallAsync("server.features")).GetProperty("result").TryGetProperty("hash_function", out _).ShouldBe(isTold);
    }

    [Fact]
    public async Task The_small_ones_have_the_types_that_wallets_insist_on()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.4");
        (await wallet.ResultAsync("server.banner")).ShouldBe("\"\"");
        (await wallet.ResultAsync("server.donation_address")).ShouldBe("\"\"");
        (await wallet.ResultAsync("server.peers.subscribe")).ShouldBe("[]");
        (await wallet.ResultAsync("server.ping")).ShouldBe("null");
        (await wallet.ResultAsync("server.add_peer", """[{"hosts":{}}]""")).ShouldBe("false");
        (await wallet.ResultAsync("mempool.get_fee_histogram")).ShouldBe("[]");
        (await wallet.ResultAsync("blockchain.relayfee")).ShouldBe("0.001");
        (await wallet.ResultAsync("blockchain.estimatefee", "[5]")).ShouldBe("-1");
    }

    [Fact]
    public async Task Estimates_are_asked_for_once_per_block_and_target()
    {
        await using var server = new TestSessions(withNotifier: false);
        server.Daemon.OnEstimate = blocks => Task.FromResult<long?>(blocks * 100_000);
        TestWallet wallet = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            (await wallet.ResultAsync("blockchain.estimatefee", "[25]")).ShouldBe("0.025");
            (await wallet.ResultAsync("blockchain.estimatefee", """{"number":2,"mode":"economical"}""")).ShouldBe("0.002");
        }

        server.Daemon.Estimates.ShouldBe([25, 2]);
        server.Chain.Change(state => state.AddBlock());
        (await wallet.ResultAsync("blockchain.estimatefee", "[25]")).ShouldBe("0.025");
        server.Daemon.Estimates.Count.ShouldBe(3);
        (await wallet.ResultAsync("blockchain.estimatefee", "[2147483647]")).ShouldBe("1.008");
        (await wallet.ErrorAsync("blockchain.estimatefee", """[2,"HASTY"]""")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task An_estimate_is_unknown_but_no_error_when_the_daemon_fails_or_is_silent()
    {
        await using var server = new TestSessions();
        server.Daemon.OnEstimate = blocks => blocks == 2 ? Task.FromException<long?>(ScriptedDaemon.Away) : new TaskCompletionSource<long?>().Task;
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.estimatefee", "[2]")).ShouldBe("-1");
        int timers = server.Time.Waiting;
        await wallet.SendLineAsync("""{"id":9,"method":"blockchain.estimatefee","params":[5]}""");
        await Poll.UntilAsync(() => server.Time.Waiting > timers);
        server.Time.Advance(TimeSpan.FromSeconds(6));
        (await wallet.ReadLineAsync()).ShouldBe("""{"jsonrpc":"2.0","id":9,"result":-1}""");
    }

    [Fact]
    public async Task The_relay_fee_is_the_coins_while_the_daemon_is_away()
    {
        await using var server = new TestSessions();
        server.Daemon.OnRelayFees = () => ValueTask.FromException<RelayFees>(ScriptedDaemon.Away);
        TestWallet wallet = server.Connect();
        (await wallet.ResultAsync("blockchain.relayfee")).ShouldBe("0.001");
        (await wallet.ResultAsync("mempool.get_info")).ShouldBe("""{"mempoolminfee":0.001,"minrelaytxfee":0.001,"incrementalrelayfee":0.001}""");
    }

    [Fact]
    public async Task A_ping_is_null_without_arguments_before_1_7_and_padded_from_then_on()
    {
        await using var server = new TestSessions();
        TestWallet old = server.Connect();
        await old.NegotiateAsync("1.6");
        (await old.ResultAsync("server.ping")).ShouldBe("null");
        (await old.ErrorAsync("server.ping", "[5]")).Code.ShouldBe(-32602);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("server.ping")).ShouldBe("""{"data":""}""");
        (await wallet.ResultAsync("server.ping", "[5]")).ShouldBe("""{"data":"00000"}""");
        (await wallet.ResultAsync("server.ping", """{"pong_len":129,"data":"abc"}""")).ShouldBe($$"""{"data":"{{new string('0', 129)}}"}""");
        (await wallet.ErrorAsync("server.ping", "[0,\"xyz\"]")).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("server.ping", "[-1]")).Code.ShouldBe(-32602);
        (await wallet.ErrorAsync("server.ping", "[2147483647]")).Message.ShouldContain("too large");
        (await wallet.ErrorAsync("server.ping", "[8100000]")).Message.ShouldContain("too large");
        await wallet.SendLineAsync("""{"jsonrpc":"2.0","method":"server.ping","params":["00"]}""");
        await wallet.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("", FeeEstimateMode.Default)]
    [InlineData(",null", FeeEstimateMode.Default)]
    [InlineData(",\"economical\"", FeeEstimateMode.Economical)]
    [InlineData(",\"CONSERVATIVE\"", FeeEstimateMode.Conservative)]
    public async Task The_mode_of_an_estimate_reaches_the_daemon(string argument, FeeEstimateMode mode)
    {
        await using var server = new TestSessions();
        server.Daemon.OnEstimate = _ => Task.FromResult<long?>(200_000);
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.6");
        (await wallet.ResultAsync("blockchain.estimatefee", $"[5{argument}]")).ShouldBe("0.002");
        (await wallet.ResultAsync("blockchain.estimatefee", $"[5{argument}]")).ShouldBe("0.002");
        server.Daemon.EstimateModes.ShouldBe([mode]);
    }

    [Fact]
    public async Task The_last_ten_of_the_mempool_the_newest_first()
    {
        await using var server = new TestSessions();
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync("1.7");
        (await wallet.ResultAsync("mempool.recent")).ShouldBe("[]");
        server.Chain.Change(state => state.Mempool.AddRange([new(ScriptedChain.Hash(1), 100, 250), new(ScriptedChain.Hash(2), 0, 90)]));
        (await wallet.ResultAsync("mempool.recent")).ShouldBe(
            $$"""[{"txid":"{{ScriptedChain.Hash(2)}}","fee":0,"vsize":90},{"txid":"{{ScriptedChain.Hash(1)}}","fee":100,"vsize":250}]""");
    }

    [Theory]
    [InlineData("1.6", "blockchain.scripthash.get_balance", true)]
    [InlineData("1.7", "blockchain.scripthash.get_balance", false)]
    [InlineData("1.3", "blockchain.address.get_balance", false)]
    [InlineData("1.4", "blockchain.scriptpubkey.get_balance", true)]
    public async Task Hidden_methods_follow_the_version_matrix(string version, string method, bool isThere)
    {
        await using var server = new TestSessions(change: options => options with { HideRemovedMethods = true });
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        (await wallet.ErrorAsync(method)).Code.ShouldBe(isThere ? -32602 : -32601);
    }

    [Fact]
    public async Task Removed_methods_stay_callable_unless_they_are_to_be_hidden()
    {
        await using var open = new TestSessions();
        TestWallet wallet = open.Connect();
        await wallet.NegotiateAsync("1.6");
        (await wallet.ResultAsync("blockchain.relayfee")).ShouldBe("0.001");

        await using var strict = new TestSessions(change: options => options with { HideRemovedMethods = true });
        TestWallet refused = strict.Connect();
        (await refused.ResultAsync("blockchain.relayfee")).ShouldBe("0.001");
        await refused.NegotiateAsync("1.6");
        (await refused.ErrorAsync("blockchain.relayfee")).Code.ShouldBe(-32601);
        (await refused.ErrorAsync("blockchain.block.get_chunk", "[0]")).Code.ShouldBe(-32601);
    }
}
