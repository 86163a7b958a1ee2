// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Chain;

/// <summary>Recorded blocks and transactions of real nodes, and the examples of the protocol.</summary>
internal static class ChainVectors
{
    public static JsonElement Potcoin { get; } = Load("potcoin-vectors.json");

    public static JsonElement Protocol { get; } = Load("protocol-vectors.json");

    public static JsonElement Segwit { get; } = Load("segwit-vectors.json");

    public static Coin PotcoinCoin { get; } = CoinRegistry.BuiltIn.Get("potcoin");

    /// <summary>Every recorded block that can be read, with the formats of its coin.</summary>
    public static IReadOnlyList<(byte[] Raw, BlockFormat BlockFormat, TransactionFormat TransactionFormat)> Blocks { get; } =
    [
        .. Potcoin.GetProperty("blocks").EnumerateArray().Select(block => (block.Bytes("hex"), BlockFormat.Posv, TransactionFormat.Posv)),
        (Segwit.GetProperty("segwit_block").Bytes("hex"), BlockFormat.Plain, TransactionFormat.Segwit),
    ];

    public static IReadOnlyList<(byte[] Raw, TransactionFormat Format)> Transactions { get; } =
    [
        .. Potcoin.GetProperty("txs").EnumerateArray().Select(tx => (tx.Bytes("hex"), TransactionFormat.Posv)),
        .. Segwit.GetProperty("segwit_block").GetProperty("txs").EnumerateArray().Select(tx => (tx.Bytes("hex"), TransactionFormat.Segwit)),
    ];

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.Text(name));

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static Hash256 Hash(this JsonElement element, string name) => Hash256.Parse(element.Text(name));

    public static Hash256[] Hashes(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(hash => Hash256.Parse(hash.GetString()!))];

    private static JsonElement Load(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", file))).RootElement;
}
