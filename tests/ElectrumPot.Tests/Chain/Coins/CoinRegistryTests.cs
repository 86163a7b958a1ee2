// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Coins;

public sealed class CoinRegistryTests
{
    private const string Dogwood =
        """
        [coin:dogwood]
        name = Dogwood
        symbol = DGW
        algo = sha256d
        genesis_hash = 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f
        message_start = F9BEB4D9
        address_version = 0
        script_version = 5,22
        transaction_format = plain
        block_format = plain
        rpc_port = 8332
        block_time = 600
        block_mature_confirms = 120
        max_block_size = 2000000
        relay_fee = 0.00000001
        block_explore = https://example.org/block/
        tx_explore = http://example.org/tx/
        merged = no
        """;

    [Fact]
    public void The_built_in_coins_are_these() =>
        CoinRegistry.BuiltIn.Coins.Select(coin => coin.Id).Order(StringComparer.Ordinal)
            .ShouldBe(["bitcoin-regtest", "litecoin-regtest", "potcoin"]);

    [Fact]
    public void Potcoin_is_as_its_nodes_define_it()
    {
        Coin coin = CoinRegistry.BuiltIn.Get("potcoin");
        ShouldBe(coin, "potcoin", "Potcoin", "POT", PowAlgorithm.Scrypt,
            "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec");
        ShouldUse(coin, 55, [5], TransactionFormat.Posv, BlockFormat.Posv, 42000, 0xfbc0b6db);
        ShouldCount(coin, 5, 40, 100_000, 1_000_000);
        coin.ToString().ShouldBe("Potcoin");
        coin.BlockExplore.ShouldBeNull();
        coin.TxExplore.ShouldBeNull();
    }

    [Fact]
    public void Litecoin_regtest_is_as_litecoind_defines_it()
    {
        Coin coin = CoinRegistry.BuiltIn.Get("litecoin-regtest");
        ShouldBe(coin, "litecoin-regtest", "Litecoin regtest", "rLTC", PowAlgorithm.Scrypt,
            "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9");
        ShouldUse(coin, 111, [58, 196], TransactionFormat.Segwit, BlockFormat.Plain, 19443, 0xfabfb5da);
        ShouldCount(coin, 100, 150, 1000, 4_000_000);
    }

    [Fact]
    public void Bitcoin_regtest_is_as_bitcoind_defines_it()
    {
        Coin coin = CoinRegistry.BuiltIn.Get("bitcoin-regtest");
        ShouldBe(coin, "bitcoin-regtest", "Bitcoin regtest", "rBTC", PowAlgorithm.Sha256d,
            "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");
        ShouldUse(coin, 111, [196], TransactionFormat.Segwit, BlockFormat.Plain, 18443, 0xfabfb5da);
        ShouldCount(coin, 100, 600, 1000, 4_000_000);
    }

    [Fact]
    public void A_user_adds_a_coin_by_a_section_alone()
    {
        CoinRegistry registry = With(Dogwood + "\n[server]\ncoin = dogwood\n");
        Coin coin = registry.Get("Dogwood");
        ShouldBe(coin, "dogwood", "Dogwood", "DGW", PowAlgorithm.Sha256d,
            "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
        ShouldUse(coin, 0, [5, 22], TransactionFormat.Plain, BlockFormat.Plain, 8332, 0xf9beb4d9);
        ShouldCount(coin, 120, 600, 1, 2_000_000);
        coin.BlockExplore.ShouldBe(new Uri("https://example.org/block/"));
        coin.TxExplore.ShouldBe(new Uri("http://example.org/tx/"));
        registry.Get("potcoin").ShouldBeSameAs(CoinRegistry.BuiltIn.Get("potcoin"));
        Should.Throw<CoinDefinitionException>(() => CoinRegistry.BuiltIn.Get("dogwood"));
    }

    [Fact]
    public void What_may_be_left_out_has_a_value()
    {
        string text = Dogwood;
        foreach (string key in (string[])[
            "name", "symbol", "block_mature_confirms", "max_block_size", "relay_fee", "block_explore", "tx_explore", "merged"])
            text = Change(text, key, null);
        Coin coin = With(text).Get("dogwood");
        coin.Name.ShouldBe("dogwood");
        coin.Symbol.ShouldBe("DOGWOOD");
        ShouldCount(coin, 100, 600, 1000, 4_000_000);
        coin.BlockExplore.ShouldBeNull();
        coin.TxExplore.ShouldBeNull();
    }

    [Fact]
    public void Servers_of_a_coin_know_each_other_by_the_beginning_of_their_nicks()
    {
        CoinRegistry.BuiltIn.Get("potcoin").IrcPrefix.ShouldBe("EP_");
        CoinRegistry.BuiltIn.Get("litecoin-regtest").IrcPrefix.ShouldBe("EL_");
        CoinRegistry.BuiltIn.Get("bitcoin-regtest").IrcPrefix.ShouldBe("E_");
        With(Dogwood).Get("dogwood").IrcPrefix.ShouldBe("EDGW_");
        With(Change(Dogwood, "symbol", "symbol = DŁG $")).Get("dogwood").IrcPrefix.ShouldBe("EDG_");
        With(Dogwood + "\nirc_prefix = ED-\n").Get("dogwood").IrcPrefix.ShouldBe("ED-");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1E_")]
    [InlineData("E P")]
    [InlineData("@E_")]
    [InlineData("ABCDEFGHIJKLMNOPQ")]
    public void A_beginning_that_no_nick_can_have_is_refused(string prefix) =>
        ShouldRefuse(Dogwood + $"\nirc_prefix = {prefix}\n", "irc_prefix", "a letter, then letters, digits");

    [Fact]
    public void A_section_redefines_a_built_in_coin()
    {
        CoinRegistry registry = With(Dogwood.Replace("coin:dogwood", "coin:potcoin", StringComparison.Ordinal));
        registry.Get("potcoin").RpcPort.ShouldBe(8332);
        registry.Coins.Count().ShouldBe(3);
        CoinRegistry.BuiltIn.Get("potcoin").RpcPort.ShouldBe(42000);
    }

    [Fact]
    public void An_unknown_coin_is_refused_with_those_that_exist() =>
        Should.Throw<CoinDefinitionException>(() => CoinRegistry.BuiltIn.Get("dogecoin"))
            .Message.ShouldBe("[coin:dogecoin] coin: not defined; known are bitcoin-regtest, litecoin-regtest, potcoin");

    [Theory]
    [InlineData("algo")]
    [InlineData("genesis_hash")]
    [InlineData("message_start")]
    [InlineData("address_version")]
    [InlineData("script_version")]
    [InlineData("transaction_format")]
    [InlineData("block_format")]
    [InlineData("rpc_port")]
    [InlineData("block_time")]
    public void A_missing_key_is_named(string key) =>
        ShouldRefuse(Change(Dogwood, key, null), key, "is missing");

    [Theory]
    [InlineData("name", "", "one line of 1 to 64 characters")]
    [InlineData("symbol", "", "one line of 1 to 64 characters")]
    [InlineData("name", "Dog\n  wood", "one line of 1 to 64 characters")]
    [InlineData("algo", "x11", "'x11' is not one of scrypt, sha256d")]
    [InlineData("genesis_hash", "00ff", "'00ff' is not 64 hexadecimal digits")]
    [InlineData("message_start", "f9beb4", "8 hexadecimal digits")]
    [InlineData("message_start", "f9beb4dg", "8 hexadecimal digits")]
    [InlineData("message_start", "0xf9beb4", "8 hexadecimal digits")]
    [InlineData("address_version", "256", "'256' is not a whole number from 0 to 255")]
    [InlineData("address_version", "-1", "a whole number from 0 to 255")]
    [InlineData("address_version", "0x37", "a whole number from 0 to 255")]
    [InlineData("address_version", "", "a whole number from 0 to 255")]
    [InlineData("address_version", "22", "an address could mean either", "script_version")]
    [InlineData("script_version", "", "one or more numbers from 0 to 255, separated by commas")]
    [InlineData("script_version", "5,", "one or more numbers")]
    [InlineData("script_version", "5,256", "one or more numbers")]
    [InlineData("transaction_format", "mweb", "'mweb' is not one of plain, segwit, posv")]
    [InlineData("block_format", "auxpow", "'auxpow' is not one of plain, posv")]
    [InlineData("rpc_port", "0", "a whole number from 1 to 65535")]
    [InlineData("rpc_port", "65536", "a whole number from 1 to 65535")]
    [InlineData("rpc_port", "99999999999999999999", "a whole number from 1 to 65535")]
    [InlineData("block_time", "0", "a whole number from 1 to 86400")]
    [InlineData("block_time", "40s", "a whole number from 1 to 86400")]
    [InlineData("block_mature_confirms", "100001", "a whole number from 0 to 100000")]
    [InlineData("max_block_size", "999", "a whole number from 1000 to 32000000")]
    [InlineData("max_block_size", "32000001", "a whole number from 1000 to 32000000")]
    [InlineData("relay_fee", "-1", "coins per 1000 bytes, from 0 to 1000")]
    [InlineData("relay_fee", "1001", "coins per 1000 bytes")]
    [InlineData("relay_fee", "1e-5", "coins per 1000 bytes")]
    [InlineData("relay_fee", "0.000000001", "up to 8 decimals")]
    [InlineData("relay_fee", "99999999999999999999999999999999", "coins per 1000 bytes")]
    [InlineData("block_explore", "example.org", "begins with http:// or https://")]
    [InlineData("tx_explore", "javascript:alert(1)", "begins with http:// or https://")]
    [InlineData("merged", "maybe", "'maybe' is not one of yes, no")]
    [InlineData("merged", "yes", "blocks with a merged-mining proof (AuxPoW) are not supported")]
    public void A_wrong_value_is_named_with_its_reason(string key, string value, string reason, string? blamed = null) =>
        ShouldRefuse(Change(Dogwood, key, $"{key} = {value}"), blamed ?? key, reason);

    [Fact]
    public void An_unknown_key_is_named_with_those_that_exist() =>
        ShouldRefuse(Dogwood + "\ncolour = green", "colour", "unknown key; known are name, symbol");

    [Theory]
    [InlineData("coin:")]
    [InlineData("coin:dog wood")]
    [InlineData("coin:dog/wood")]
    [InlineData("coin:hündchen")]
    public void A_name_that_is_none_is_refused(string section) =>
        Should.Throw<CoinDefinitionException>(() => With(Dogwood.Replace("coin:dogwood", section, StringComparison.Ordinal)))
            .Message.ShouldContain("letters, digits, '-' and '_'");

    private static void ShouldRefuse(string text, string key, string reason)
    {
        CoinDefinitionException refusal = Should.Throw<CoinDefinitionException>(() => With(text));
        refusal.Key.ShouldBe(key);
        refusal.Message.ShouldStartWith($"[coin:dogwood] {key}: ");
        refusal.Message.ShouldContain(reason);
    }

    private static void ShouldBe(Coin coin, string id, string name, string symbol, PowAlgorithm algorithm, string genesis)
    {
        coin.Id.ShouldBe(id);
        coin.Name.ShouldBe(name);
        coin.Symbol.ShouldBe(symbol);
        coin.Algorithm.ShouldBe(algorithm);
        coin.GenesisHash.ShouldBe(Hash256.Parse(genesis));
    }

    private static void ShouldUse(
        Coin coin, byte address, byte[] scripts, TransactionFormat transactions, BlockFormat blocks, int port, uint magic)
    {
        coin.AddressVersion.ShouldBe(address);
        coin.ScriptVersions.ShouldBe(scripts);
        coin.TransactionFormat.ShouldBe(transactions);
        coin.BlockFormat.ShouldBe(blocks);
        coin.RpcPort.ShouldBe(port);
        coin.MessageStart.ShouldBe(magic);
    }

    private static void ShouldCount(Coin coin, int mature, int seconds, long relayFee, int blockSize)
    {
        coin.BlockMatureConfirms.ShouldBe(mature);
        coin.BlockTime.ShouldBe(TimeSpan.FromSeconds(seconds));
        coin.RelayFee.ShouldBe(relayFee);
        coin.MaxBlockSize.ShouldBe(blockSize);
    }

    /// <summary>Replaces the line of a key, or leaves it out.</summary>
    private static string Change(string text, string key, string? line) => string.Join('\n', text.Split('\n')
        .Select(old => old.StartsWith(key + " ", StringComparison.Ordinal) ? line : old).Where(old => old is not null));

    private static CoinRegistry With(string text) => CoinRegistry.With(IniDocument.Parse(text, "test.conf"));
}
