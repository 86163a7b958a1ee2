// SPDX-License-Identifier: MIT

using System.Text;

namespace ElectrumPot.Server.Configuration;

/// <summary>Writes <c>docs/configuration.md</c> from the list of options.</summary>
internal static class ConfigurationPage
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Configuration

            This page is made from the server's own list of options; do not edit it (`electrum-pot-server check-config --print-reference`).

            The server reads one INI file: the one named with `--config FILE`, else `/etc/electrum-pot.conf`, else
            `electrum-pot.conf` in the current folder. `key = value` or `key: value`; keys are written in any case; a line
            that begins with `#` or `;` is a comment, and so is the rest of a line after ` ;`; an indented line continues
            the value above. An empty port to listen on is off; any other empty value is the default. A relative path begins at
            the folder of the file, `~/` is the home folder. Times are written with their unit: `500ms`, `5s`, `10min`, `2h`, `1d`.

            Unknown sections, unknown keys and values out of range are errors that name file, line, key and what is allowed;
            the server does not start with them. `electrum-pot-server check-config` finds them all at once.

            """);
        foreach ((string section, string about) in ConfigurationOptions.About)
        {
            text.Append($"\n## [{section}]\n\n{about}\n\n| key | default | allowed | meaning |\n| --- | --- | --- | --- |\n");
            foreach (ConfigurationOption option in ConfigurationOptions.All.Where(option => option.Section == section && !option.NotServed))
                text.Append($"| `{option.Key}` | {Default(option)} | {Escape(option.Allowed)} | {Escape(option.Description)} |\n");
        }

        WriteCoin(text);
        WriteOldNames(text);
        return text.ToString();
    }

    private static string Default(ConfigurationOption option) =>
        option.DefaultText is { } words ? Escape(words) : option.DefaultValue.Length == 0 ? "empty" : $"`{option.DefaultValue}`";

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\\n", "`\\n`", StringComparison.Ordinal);

    private static void WriteCoin(StringBuilder text) => text.Append(
        """

        ## [coin:NAME]

        Defines a coin by configuration alone, or redefines a built-in one; `coin = NAME` in `[server]` selects it. Built in are
        `potcoin`, `litecoin-regtest` and `bitcoin-regtest`, written in the same form. Keys without a default must be given.

        | key | default | allowed |
        | --- | --- | --- |
        | `name` | the name after `coin:` | a text for people |
        | `symbol` | the name in capitals | unit in texts, such as `POT` |
        | `irc_prefix` | E, the symbol, _ | beginning of the nicks of this coin's servers on IRC |
        | `algo` | | `scrypt` or `sha256d`: work function of the header |
        | `genesis_hash` | | 64 hexadecimal digits: hash of block 0 |
        | `message_start` | | 8 hexadecimal digits: magic bytes of the network, in the order of the wire |
        | `address_version` | | 0 to 255: first byte of P2PKH addresses |
        | `script_version` | | 0 to 255, several separated by commas: first byte of P2SH addresses; the first is the one written |
        | `transaction_format` | | `plain`, `segwit` or `posv` (a time from version 4 on) |
        | `block_format` | | `plain` or `posv` (a signature after the transactions from version 3 on) |
        | `merged` | `no` | `no`; blocks with a merged-mining proof are not supported |
        | `rpc_port` | | 1 to 65535: default of `[potcoind] port` |
        | `block_time` | | 1 to 86400 seconds between blocks |
        | `block_mature_confirms` | `100` | 0 to 100000 confirmations until a reward may be spent |
        | `max_block_size` | `4000000` | 1000 to 32000000 bytes: the largest block the daemon may send |
        | `relay_fee` | `0.00001` | 0 to 1000 coins per 1000 bytes, for daemons that do not tell theirs |
        | `block_explore`, `tx_explore` | none | web address to which a block hash or a txid is appended |

        """);

    private static void WriteOldNames(StringBuilder text)
    {
        text.Append(
            """

            ## Files of 2014

            A file of the 2014 server works unchanged; the log names what to rename some day.

            | old | new |
            | --- | --- |

            """);
        foreach (ConfigurationOption option in ConfigurationOptions.All.Where(option => !option.NotServed))
        {
            foreach (string name in option.OldNames)
                text.Append($"| `[{name.Replace("/", "] ", StringComparison.Ordinal)}` | `{option}` |\n");
        }

        text.Append("\nThese keys are understood but have no effect in this version; the log says so when one asks for something:\n\n");
        foreach (IGrouping<string, ConfigurationOption> section in ConfigurationOptions.All.Where(option => option.NotServed).GroupBy(option => option.Section, StringComparer.Ordinal))
            text.Append($"- `[{section.Key}]`: {string.Join(", ", section.Select(option => $"`{option.Key}`"))}\n");
    }
}
