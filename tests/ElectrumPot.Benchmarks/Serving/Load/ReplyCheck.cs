// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Compares replies with the chain, so that a fast wrong answer is seen.</summary>
/// <param name="isPruned">Old spends may be missing from histories.</param>
/// <param name="mayGrow">Blocks arrive meanwhile, so that histories may be longer than they were.</param>
internal sealed class ReplyCheck(ChainFacts facts, bool isPruned, bool mayGrow)
{
    /// <returns>What is wrong; null when all is right.</returns>
    public string? Examine(Expectation asked, ReadOnlyMemory<byte> result)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(result);
            return IsRight(asked, document.RootElement)
                ? null
                : $"{asked.Kind} {asked.Subject} {asked.Height} {asked.Number} was answered with {Shorten(result.Span)}";
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or MalformedBlockException)
        {
            return $"{asked.Kind} {asked.Subject}: {malformed.Message} in {Shorten(result.Span)}";
        }
    }

    private bool IsRight(Expectation asked, JsonElement result) => asked.Kind switch
    {
        RequestKind.Ping => result.ValueKind == JsonValueKind.Null,
        RequestKind.Subscribe => IsStatus(Convert.FromHexString(TextOf(result)), asked.Subject),
        RequestKind.GetHistory => IsHistory(result, asked.Subject),
        RequestKind.GetBalance => result.GetProperty("confirmed").GetInt64() is var balance && (mayGrow || balance == facts.States.BalanceOf(asked.Subject)),
        RequestKind.ListUnspent => result.GetArrayLength() is var outputs && (mayGrow || outputs == facts.States.UnspentOf(asked.Subject)),
        RequestKind.Transaction => TransactionReader.ReadWhole(Convert.FromHexString(TextOf(result)), facts.Coin.TransactionFormat).ComputeTxid() == asked.Subject,
        RequestKind.GetMerkle => IsBranch(result, asked),
        RequestKind.Header => BlockHeader.Parse(Convert.FromHexString(TextOf(result))).MerkleRoot == facts.MerkleRoots[asked.Height],
        RequestKind.Headers => AreHeaders(result, asked),
        _ => result.GetProperty("height").GetInt32() >= facts.Height,
    };

    private bool IsStatus(byte[] status, Hash256 script)
    {
        if (status.Length != Sha256.DigestSize) return false;
        if (isPruned || mayGrow) return true;
        var history = new List<HistoryEntry>();
        foreach (int transaction in facts.States.HistoryOf(script))
            history.Add(new HistoryEntry(facts.Transactions[transaction].Txid, facts.Transactions[transaction].Height));
        return StatusHash.Compute(history) == new Hash256(status);
    }

    /// <summary>Entry by entry; what blocks have added meanwhile follows.</summary>
    private bool IsHistory(JsonElement result, Hash256 script)
    {
        ReadOnlySpan<int> history = facts.States.HistoryOf(script);
        int given = result.GetArrayLength();
        if (isPruned) return given > 0 && (mayGrow || given <= history.Length);
        if (given < history.Length || (given > history.Length && !mayGrow)) return false;
        int i = 0;
        foreach (JsonElement entry in result.EnumerateArray())
        {
            if (i == history.Length) break;
            TransactionFact expected = facts.Transactions[history[i++]];
            if (entry.GetProperty("height").GetInt32() != expected.Height || Hash256.Parse(TextOf(entry.GetProperty("tx_hash"))) != expected.Txid) return false;
        }

        return true;
    }

    private bool IsBranch(JsonElement result, Expectation asked)
    {
        Hash256[] branch = [.. result.GetProperty("merkle").EnumerateArray().Select(hash => Hash256.Parse(TextOf(hash)))];
        int position = result.GetProperty("pos").GetInt32();
        return position == asked.Number && MerkleTree.RootOf(asked.Subject, position, branch) == facts.MerkleRoots[asked.Height];
    }

    private bool AreHeaders(JsonElement result, Expectation asked)
    {
        int count = result.GetProperty("count").GetInt32();
        if (count < Math.Min(asked.Number, facts.Height - asked.Height + 1) || count > asked.Number) return false;
        ReadOnlySpan<byte> headers = Convert.FromHexString(TextOf(result.GetProperty("hex")));
        if (headers.Length != count * BlockHeader.Size) return false;
        for (int i = 0; i < count && asked.Height + i <= facts.Height; i++)
        {
            if (BlockHeader.Parse(headers[(i * BlockHeader.Size)..]).MerkleRoot != facts.MerkleRoots[asked.Height + i]) return false;
        }

        return true;
    }

    private static string TextOf(JsonElement text) => text.GetString() ?? throw new FormatException("null where a text should be");

    private static string Shorten(ReadOnlySpan<byte> text)
    {
        const int Shown = 200;
        return text.Length <= Shown ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(text[..Shown]) + "...";
    }
}
