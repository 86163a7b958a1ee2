// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Chain.Coins;

/// <summary>Turns a <c>[coin:ID]</c> section into a <see cref="Coin"/>, or says which key is wrong and why.</summary>
public static class CoinSectionReader
{
    public const string Prefix = "coin:";

    private static readonly string[] KnownKeys =
    [
        "name", "symbol", "algo", "address_version", "script_version", "merged", "block_mature_confirms", "block_time", "block_explore",
        "tx_explore", "genesis_hash", "transaction_format", "block_format", "rpc_port", "message_start", "relay_fee", "max_block_size",
        "irc_prefix",
    ];

    private const int MaxIrcPrefix = 16;
    private const int LargestBlockSize = 32_000_000;
    private const decimal SmallestUnits = 100_000_000m;

    /// <exception cref="CoinDefinitionException">A key is missing, unknown or out of range.</exception>
    public static Coin Read(IniSection section)
    {
        string id = section.Name[Prefix.Length..];
        if (id.Length == 0 || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_'))
            throw new CoinDefinitionException(id, "coin", "the name after 'coin:' consists of letters, digits, '-' and '_'");
        foreach (IniValue value in section.Values)
        {
            if (!KnownKeys.Contains(value.Key))
                throw new CoinDefinitionException(id, value.Key, $"unknown key; known are {string.Join(", ", KnownKeys)}");
        }

        var keys = new KeyReader(id, section);
        if (keys.Choice("merged", "no", "yes", "no") == "yes")
            throw new CoinDefinitionException(id, "merged", "blocks with a merged-mining proof (AuxPoW) are not supported");

        byte addressVersion = (byte)keys.Number("address_version", null, 0, 255);
        IReadOnlyList<byte> scriptVersions = keys.Bytes("script_version");
        if (scriptVersions.Contains(addressVersion))
        {
            throw new CoinDefinitionException(
                id, "script_version", $"{addressVersion} is the address_version already; an address could mean either");
        }

        return new Coin
        {
            Id = id,
            Name = keys.Text("name", id),
            Symbol = keys.Text("symbol", id.ToUpperInvariant()),
            IrcPrefix = keys.IrcPrefix("irc_prefix", $"E{keys.Text("symbol", id.ToUpperInvariant())}_"),
            GenesisHash = keys.Hash("genesis_hash"),
            Algorithm = keys.Choice("algo", null, "scrypt", "sha256d") == "scrypt" ? PowAlgorithm.Scrypt : PowAlgorithm.Sha256d,
            AddressVersion = addressVersion,
            ScriptVersions = scriptVersions,
            TransactionFormat = keys.Choice("transaction_format", null, "plain", "segwit", "posv") switch
            {
                "plain" => TransactionFormat.Plain,
                "segwit" => TransactionFormat.Segwit,
                _ => TransactionFormat.Posv,
            },
            BlockFormat = keys.Choice("block_format", null, "plain", "posv") == "posv" ? BlockFormat.Posv : BlockFormat.Plain,
            RpcPort = (int)keys.Number("rpc_port", null, 1, 65535),
            MessageStart = keys.Magic("message_start"),
            BlockMatureConfirms = (int)keys.Number("block_mature_confirms", 100, 0, 100_000),
            BlockTime = TimeSpan.FromSeconds(keys.Number("block_time", null, 1, 86_400)),
            RelayFee = keys.Amount("relay_fee", 0.00001m),
            MaxBlockSize = (int)keys.Number("max_block_size", 4_000_000, 1_000, LargestBlockSize),
            BlockExplore = keys.WebAddress("block_explore"),
            TxExplore = keys.WebAddress("tx_explore"),
        };
    }

    private sealed class KeyReader(string coin, IniSection section)
    {
        public string Text(string key, string fallback)
        {
            string text = Find(key) ?? fallback;
            return text.Length is > 0 and <= 64 && !text.Any(char.IsControl)
                ? text
                : throw Wrong(key, text, "one line of 1 to 64 characters");
        }

        /// <summary>The beginning of a nick; a symbol that cannot be one leaves its letters and digits.</summary>
        public string IrcPrefix(string key, string fallback)
        {
            string text = Find(key) ?? string.Concat(fallback.Where(IsOfNick).Take(MaxIrcPrefix));
            return text.Length is > 0 and <= MaxIrcPrefix && char.IsAsciiLetter(text[0]) && text.All(IsOfNick)
                ? text
                : throw Wrong(key, text, $"a letter, then letters, digits, '-' or '_', up to {MaxIrcPrefix} in all");
        }

        public string Choice(string key, string? fallback, params ReadOnlySpan<string> allowed)
        {
            string value = (Find(key) ?? fallback ?? throw Missing(key)).ToLowerInvariant();
            return allowed.Contains(value) ? value : throw Wrong(key, value, $"one of {string.Join(", ", allowed)}");
        }

        public long Number(string key, long? fallback, long min, long max)
        {
            string? text = Find(key);
            if (text is null) return fallback ?? throw Missing(key);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max
                ? value
                : throw Wrong(key, text, $"a whole number from {min} to {max}");
        }

        public IReadOnlyList<byte> Bytes(string key)
        {
            string text = Find(key) ?? throw Missing(key);
            var bytes = new List<byte>();
            foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!byte.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out byte value))
                    throw Wrong(key, text, "one or more numbers from 0 to 255, separated by commas");
                bytes.Add(value);
            }

            return bytes;
        }

        public Hash256 Hash(string key)
        {
            string text = Find(key) ?? throw Missing(key);
            return Hash256.TryParse(text.AsSpan(), out Hash256 hash) ? hash : throw Wrong(key, text, "64 hexadecimal digits");
        }

        public uint Magic(string key)
        {
            string text = Find(key) ?? throw Missing(key);
            return text.Length == 8 && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
                ? value
                : throw Wrong(key, text, "8 hexadecimal digits, in the order of the bytes on the wire");
        }

        /// <summary>Whole coins in the file, smallest unit in the program.</summary>
        public long Amount(string key, decimal fallback)
        {
            string? text = Find(key);
            decimal value = fallback;
            bool isAmount = text is null
                || (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
                    && value is >= 0 and <= 1000 && decimal.IsInteger(value * SmallestUnits));
            return isAmount
                ? (long)(value * SmallestUnits)
                : throw Wrong(key, text!, "coins per 1000 bytes, from 0 to 1000 with up to 8 decimals");
        }

        public Uri? WebAddress(string key)
        {
            string? text = Find(key);
            if (string.IsNullOrEmpty(text)) return null;
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme is "http" or "https")
                ? uri
                : throw Wrong(key, text, "an address that begins with http:// or https://");
        }

        private static bool IsOfNick(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

        private string? Find(string key) => section.Find(key)?.Value;

        private CoinDefinitionException Missing(string key) => new(coin, key, "is missing");

        private CoinDefinitionException Wrong(string key, string value, string expected) => new(coin, key, $"'{value}' is not {expected}");
    }
}
