// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>
/// The chain that conformance is shown on: longer than one chunk of headers, block 7 with three transactions, one script
/// with two confirmed and two unconfirmed ones. What answers have to say of it is computed here a second time, slowly
/// and without the server's code.
/// </summary>
internal static class ConformanceChain
{
    public const int Tip = 2100;

    public const string Script = "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac";

    /// <summary>A script of which the chain has never heard.</summary>
    public const string UnusedScript = "a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1887";

    /// <summary>In block 7, between two others.</summary>
    public static byte[] First { get; } = Transaction(1);

    /// <summary>In block 8, after its coinbase.</summary>
    public static byte[] Second { get; } = Transaction(2);

    /// <summary>In the mempool, of confirmed coins.</summary>
    public static byte[] Pending { get; } = Transaction(3);

    /// <summary>In the mempool, of coins that are there as well.</summary>
    public static byte[] Chained { get; } = Transaction(4);

    /// <summary>Not known yet.</summary>
    public static byte[] New { get; } = Transaction(5);

    public static IReadOnlyList<byte[]> Headers { get; } = MakeHeaders();

    public static IReadOnlyList<HistoryEntry> History { get; } =
    [
        new(Hash256.Parse(TxidOf(First)), 7),
        new(Hash256.Parse(TxidOf(Second)), 8),
        new(Hash256.Parse(TxidOf(Pending)), 0, 1000),
        new(Hash256.Parse(TxidOf(Chained)), -1, 500),
    ];

    public static string ScriptHash => ScriptHashOf(Script);

    public static string ScriptHashOf(string script) => Reversed(SHA256.HashData(Convert.FromHexString(script)));

    public static string TxidOf(byte[] raw) => Reversed(DoubleSha256(raw));

    public static string Reversed(ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Array.Reverse(copy);
        return Convert.ToHexStringLower(copy);
    }

    /// <summary>Protocol, "Status".</summary>
    public static string StatusOf(params IEnumerable<(string Txid, int Height)> history) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(history.Select(entry => $"{entry.Txid}:{entry.Height}:")))));

    /// <summary>The txids of a block in their order.</summary>
    public static string[] TxidsOf(int height) => height switch
    {
        7 => [CoinbaseOf(7), TxidOf(First), ScriptedChain.Hash(-7).ToString()],
        8 => [CoinbaseOf(8), TxidOf(Second)],
        _ => [CoinbaseOf(height)],
    };

    public static (string Root, List<string> Branch) Prove(IEnumerable<string> leaves, int position)
    {
        List<byte[]> level = [.. leaves.Select(leaf => Convert.FromHexString(leaf).Reverse().ToArray())];
        List<string> branch = [];
        while (level.Count > 1)
        {
            if (level.Count % 2 == 1) level.Add(level[^1]);
            branch.Add(Reversed(level[position ^ 1]));
            level = [.. level.Chunk(2).Select(pair => DoubleSha256([.. pair[0], .. pair[1]]))];
            position /= 2;
        }

        return (Reversed(level[0]), branch);
    }

    /// <param name="tip">8 and above; the rest of the chain is left out.</param>
    public static void WriteTo(ScriptedState state, int tip)
    {
        HashX script = HashX.OfScript(Convert.FromHexString(Script));
        state.Headers.Clear();
        state.Headers.AddRange(Headers.Take(tip + 1));
        for (int height = 0; height <= tip; height++)
        {
            string[] txids = TxidsOf(height);
            for (int i = 0; i < txids.Length; i++)
                state.Txids[(height, i)] = Hash256.Parse(txids[i]);
        }

        state.Histories[script] = [.. History];
        state.Balances[script] = new Balance(10_000, -1500);
        state.Unspent[script] = [new(History[0].Txid, 0, 7, 5000), new(History[1].Txid, 0, 8, 5000), new(History[2].Txid, 0, 0, 5000)];
        state.FirstUses[script] = new FirstUse(History[0].Txid, 7, new Hash256(DoubleSha256(Headers[7])));
        state.Outpoints[new OutPoint(History[0].Txid, 0)] = new OutpointStatus(7);
        state.Outpoints[new OutPoint(History[1].Txid, 1)] = new OutpointStatus(8, History[2].Txid, 0);
        state.Outpoints[new OutPoint(History[2].Txid, 0)] = new OutpointStatus(0);
        state.Mempool.AddRange([new MempoolSummary(History[2].Txid, 1000, Pending.Length), new MempoolSummary(History[3].Txid, 500, Chained.Length)]);
        state.Fees = [new FeeBucket(20, 3000), new FeeBucket(2.5, 3000), new FeeBucket(1, 4000)];
    }

    public static byte[] DoubleSha256(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));

    private static string CoinbaseOf(int height) => ScriptedChain.Hash(height).ToString();

    private static byte[] Transaction(byte number) => Convert.FromHexString(
        "0100000001" + string.Concat(Enumerable.Repeat($"{number:x2}", 32)) + "0000000000ffffffff" + "01" + "8813000000000000" + "19" + Script + "00000000");

    private static List<byte[]> MakeHeaders()
    {
        List<byte[]> headers = [];
        byte[] previous = new byte[32];
        for (int height = 0; height <= Tip; height++)
        {
            var header = new byte[80];
            BinaryPrimitives.WriteInt32LittleEndian(header, 3);
            previous.CopyTo(header, 4);
            Convert.FromHexString(Prove(TxidsOf(height), 0).Root).Reverse().ToArray().CopyTo(header, 36);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(68), (uint)(1_400_000_000 + (40 * height)));
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), 0x1e0fffff);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), 4_000_000_000 + (uint)height);
            headers.Add(header);
            previous = DoubleSha256(header);
        }

        return headers;
    }
}
