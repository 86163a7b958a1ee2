// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using System.Text.Json;
using ElectrumPot.Tests.Electrum.Conformance;
using Shouldly;

namespace ElectrumPot.Tests.Electrum.Transcripts;

/// <summary>What makes a wallet disconnect (protocol, "Checks that make modern clients disconnect"), as it would check it.</summary>
internal static class ClientChecks
{
    private const int MaxBranch = 30;

    /// <summary>Exactly height and raw header.</summary>
    public static (int Height, byte[] Header) RawHeader(JsonElement header)
    {
        Shape.ShouldFit(header, "{height:nat,hex:header}");
        return (header.GetProperty("height").GetInt32(), Convert.FromHexString(header.GetProperty("hex").GetString()!));
    }

    /// <summary>As old wallets put the 80 bytes together from the members.</summary>
    public static (int Height, byte[] Header) DictionaryHeader(JsonElement header)
    {
        Shape.ShouldFit(header, "{block_height:nat,version:int,prev_block_hash:hash,merkle_root:hash,timestamp:nat,bits:nat,nonce:nat,utxo_root?:hash}");
        byte[] bytes =
        [
            .. BitConverter.GetBytes(header.GetProperty("version").GetInt32()),
            .. Convert.FromHexString(header.GetProperty("prev_block_hash").GetString()!).Reverse(),
            .. Convert.FromHexString(header.GetProperty("merkle_root").GetString()!).Reverse(),
            .. BitConverter.GetBytes(header.GetProperty("timestamp").GetUInt32()),
            .. BitConverter.GetBytes(header.GetProperty("bits").GetUInt32()),
            .. BitConverter.GetBytes(header.GetProperty("nonce").GetUInt32()),
        ];
        return (header.GetProperty("block_height").GetInt32(), bytes);
    }

    public static void Connects(byte[] header, byte[] previous) => header[4..36].ShouldBe(ConformanceChain.DoubleSha256(previous));

    /// <summary>Each follows the one before.</summary>
    public static void Connects(IReadOnlyList<byte[]> headers)
    {
        for (int i = 1; i < headers.Count; i++)
            Connects(headers[i], headers[i - 1]);
    }

    /// <param name="isList">From 1.6.</param>
    /// <param name="tip">The highest height that the wallet has been told of.</param>
    public static List<byte[]> Headers(JsonElement reply, int start, int asked, bool isList, int tip)
    {
        Shape.ShouldFit(reply, isList ? "{count:nat,max:nat,headers:[header...]}" : "{count:nat,max:nat,hex:hex}");
        int count = reply.GetProperty("count").GetInt32();
        reply.GetProperty("max").GetInt32().ShouldBeGreaterThanOrEqualTo(2016);
        count.ShouldBeLessThanOrEqualTo(asked);
        if (count < asked) (start + count - 1).ShouldBeGreaterThanOrEqualTo(tip);
        List<byte[]> headers = isList
            ? [.. reply.GetProperty("headers").EnumerateArray().Select(header => Convert.FromHexString(header.GetString()!))]
            : Split(reply.GetProperty("hex").GetString()!);
        headers.Count.ShouldBe(count);
        Connects(headers);
        return headers;
    }

    public static List<byte[]> Split(string hex)
    {
        (hex.Length % 160).ShouldBe(0);
        return [.. Convert.FromHexString(hex).Chunk(80)];
    }

    /// <returns>Null for an empty history.</returns>
    public static string? Status(JsonElement status)
    {
        Shape.ShouldFit(status, "null|hash");
        return status.GetString();
    }

    /// <param name="status">As it was announced.</param>
    /// <param name="isOrdered">From 1.6 the order of what is in the mempool is checked as well.</param>
    public static (string Txid, int Height)[] History(JsonElement reply, string? status, bool isOrdered)
    {
        Shape.ShouldFit(reply, "[{tx_hash:hash,height:nat,fee?:nat}|{tx_hash:hash,height:0|-1,fee:nat}...]");
        (string Txid, int Height)[] history = [.. reply.EnumerateArray().Select(entry => (entry.GetProperty("tx_hash").GetString()!, entry.GetProperty("height").GetInt32()))];
        history.DistinctBy(entry => entry.Txid).Count().ShouldBe(history.Length);
        int[] confirmed = [.. history.Select(entry => entry.Height).TakeWhile(height => height > 0)];
        confirmed.ShouldBe(confirmed.Order());
        (string Txid, int Height)[] pending = history[confirmed.Length..];
        pending.ShouldAllBe(entry => entry.Height <= 0);
        foreach (JsonElement entry in reply.EnumerateArray())
            entry.TryGetProperty("fee", out _).ShouldBe(entry.GetProperty("height").GetInt32() <= 0);
        if (isOrdered) pending.ShouldBe(pending.OrderByDescending(entry => entry.Height).ThenBy(entry => entry.Txid, StringComparer.Ordinal));
        (history.Length == 0 ? null : ConformanceChain.StatusOf(history)).ShouldBe(status);
        return history;
    }

    public static void Transaction(JsonElement raw, string txid)
    {
        Shape.ShouldFit(raw, "hex");
        ConformanceChain.TxidOf(Convert.FromHexString(raw.GetString()!)).ShouldBe(txid);
    }

    public static void Merkle(JsonElement proof, string txid, int height, byte[] header)
    {
        Shape.ShouldFit(proof, "{block_height:nat,merkle:[hash...],pos:nat}");
        proof.GetProperty("block_height").GetInt32().ShouldBe(height);
        int position = proof.GetProperty("pos").GetInt32();
        proof.GetProperty("merkle").GetArrayLength().ShouldBeLessThanOrEqualTo(MaxBranch);
        byte[] hash = [.. Convert.FromHexString(txid).Reverse()];
        foreach (JsonElement element in proof.GetProperty("merkle").EnumerateArray())
        {
            byte[] sibling = [.. Convert.FromHexString(element.GetString()!).Reverse()];
            bool isLeft = position % 2 == 1;
            if (isLeft) sibling.ShouldNotBe(hash);
            hash = SHA256.HashData(SHA256.HashData(isLeft ? [.. sibling, .. hash] : [.. hash, .. sibling]));
            position /= 2;
        }

        position.ShouldBe(0);
        hash.ShouldBe(header[36..68]);
    }

    public static void Histogram(JsonElement histogram)
    {
        Shape.ShouldFit(histogram, "[[any,nat]...]");
        double[] rates = [.. histogram.EnumerateArray().Select(bin => bin[0].GetDouble())];
        rates.ShouldBe(rates.OrderDescending());
        rates.Distinct().Count().ShouldBe(rates.Length);
    }

    /// <summary>Coins per 1000 bytes, or that nothing is known.</summary>
    public static void Estimate(JsonElement estimate) => Shape.ShouldFit(estimate, "coin|-1");

    public static void Peers(JsonElement peers) => Shape.ShouldFit(peers, "[[str,str,[str...]]...]");
}
