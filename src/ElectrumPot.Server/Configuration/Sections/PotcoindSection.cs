// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[potcoind]</c>: the daemon, potcoind or that of another coin.</summary>
internal static class PotcoindSection
{
    public const string Name = "potcoind";

    public static readonly ConfigurationOption<string> Host = new(
        Name, "host", new TextKind("a host name or an IP address"), "localhost", "Where the daemon answers JSON-RPC.")
    {
        OldNames = ["bitcoind/host", "bitcoind/bitcoind_host"],
    };

    public static readonly ConfigurationOption<int?> Port = new(
        Name, "port", new PortKind("the default"), null, "Port of the daemon's JSON-RPC (rpcport).")
    {
        OldNames = ["bitcoind/port", "bitcoind/bitcoind_port"],
        DefaultText = "the coin's own, 42000 for Potcoin",
    };

    public static readonly ConfigurationOption<string> User = new(
        Name, "user", new TextKind(), "", "rpcuser of potcoin.conf.")
    {
        OldNames = ["bitcoind/user", "bitcoind/bitcoind_user"],
        Essential = true,
    };

    public static readonly ConfigurationOption<string> Password = new(
        Name, "password", new TextKind(), "", "rpcpassword of potcoin.conf.")
    {
        OldNames = ["bitcoind/password", "bitcoind/bitcoind_password"],
        Essential = true,
        Secret = true,
    };

    public static readonly ConfigurationOption<long> Connections = new(
        Name, "connections", new NumberKind(2, 64, "connections"), 3,
        "Connections to the daemon at the same time. potcoind serves four (rpcthreads) and lets others wait: stay below, so that its own commands work.");

    public static readonly ConfigurationOption<TimeSpan> Timeout = new(
        Name, "timeout", new DurationKind(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30)), TimeSpan.FromSeconds(30),
        "How long the daemon may take for one answer before it counts as away.");

    public static readonly ConfigurationOption<string> DataFolder = new(
        Name, "datadir", new TextKind("a folder"), "",
        "The daemon's data folder, such as ~/.potcoin, where it is on this machine and the server may read it: the first import then reads the block files there (blocks/blk00000.dat and so on), in a fraction of the time. The daemon is asked all the same which blocks are valid, and for what the files lack. Empty: everything comes over RPC.");

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        Host, Port, User, Password, Connections, Timeout, DataFolder,
    ];
}
