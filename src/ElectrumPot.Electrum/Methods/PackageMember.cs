// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>One of several transactions that a wallet sends together.</summary>
/// <param name="WitnessTxid">The same as the txid on coins without witnesses.</param>
internal sealed record PackageMember(string RawHex, Hash256 Txid, Hash256 WitnessTxid, int VirtualSize)
{
    /// <summary>As many as Bitcoin Core takes.</summary>
    public const int MaxMembers = 25;

    /// <summary>Reads the first argument: a list of transactions in hexadecimal.</summary>
    public static RpcError? Read(ref RpcCall call, out List<string> transactions)
    {
        transactions = [];
        if (!call.Params.Has(0)) return call.Params.Missing(0);
        return TryReadTexts(call.Params.Raw(0), transactions) ? null : call.Params.Wrong(0, $"a list of 1 to {MaxMembers} texts");
    }

    /// <returns>Null when one of them is no transaction.</returns>
    public static IReadOnlyList<PackageMember>? Decode(IReadOnlyList<string> transactions, Coin coin)
    {
        var members = new List<PackageMember>(transactions.Count);
        try
        {
            foreach (string hex in transactions)
            {
                // Bytes after the end are no reason to refuse: the nodes pass over them.
                byte[] raw = Convert.FromHexString(hex);
                TransactionView view = TransactionReader.Read(raw, coin.TransactionFormat, out int length);
                members.Add(new PackageMember(hex, view.ComputeTxid(), Sha256d.Hash(raw.AsSpan(0, length)), view.VirtualSize));
            }

            return members;
        }
        catch (Exception failure) when (failure is FormatException or MalformedBlockException)
        {
            return null;
        }
    }

    private static bool TryReadTexts(ReadOnlySpan<byte> json, List<string> texts)
    {
        var reader = new Utf8JsonReader(json, RpcRequest.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (texts.Count == MaxMembers || reader.ValueIsEscaped) return false;
            texts.Add(Encoding.UTF8.GetString(reader.ValueSpan));
        }

        return texts.Count > 0 && reader.TokenType == JsonTokenType.EndArray;
    }
}
