// SPDX-License-Identifier: MIT

using ElectrumPot.EndToEnd.Server;

namespace ElectrumPot.EndToEnd.Fees;

/// <summary>Coins like the built-in ones but with small blocks, so that a few transactions fill them.</summary>
internal static class SmallBlocks
{
    public static void Define(ServerProcess server, int maxBlockSize, IEnumerable<(string Key, object Value)> coin)
    {
        server.Configuration["server", "coin"] = "small";
        foreach ((string key, object value) in coin)
            server.Configuration["coin:small", key] = value;
        server.Configuration["coin:small", "max_block_size"] = maxBlockSize;
    }

    public static (string, object)[] Potcoin { get; } =
    [
        ("algo", "scrypt"),
        ("genesis_hash", "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec"),
        ("message_start", "fbc0b6db"),
        ("address_version", 55),
        ("script_version", 5),
        ("transaction_format", "posv"),
        ("block_format", "posv"),
        ("rpc_port", 42000),
        ("block_time", 40),
        ("block_mature_confirms", 5),
        ("relay_fee", "0.001"),
    ];

    public static (string, object)[] Litecoin { get; } =
    [
        ("algo", "scrypt"),
        ("genesis_hash", "530827f38f93b43ed12af0b3ad25a288dc02ed74d6d7857862df51fc56c416f9"),
        ("message_start", "fabfb5da"),
        ("address_version", 111),
        ("script_version", 58),
        ("transaction_format", "segwit"),
        ("block_format", "plain"),
        ("rpc_port", 19443),
        ("block_time", 150),
        ("relay_fee", "0.00001"),
    ];
}
