// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

public sealed partial class DaemonClient
{
    private const string ChainStatistics = "getchaintxstats";
    private const int LongestCount = 9;

    // The oldest version with this call wants a window of at least one block that leaves another below it.
    private const int LowestHeightWithStatistics = 3;

    /// <summary>
    /// Transactions in the chain up to this block and with it, the coinbase of the genesis block included; null if the
    /// daemon cannot tell, as no potcoind can. One that does not know the question is asked once.
    /// </summary>
    public async Task<long?> GetTransactionTotalAsync(ChainTip tip, CancellationToken cancellationToken)
    {
        if (tip.Height < LowestHeightWithStatistics || !_link.Has(ChainStatistics)) return null;
        var batch = new RpcBatch();
        batch.Add(ChainStatistics, 1, tip.Hash.ToString());
        return await AskAsync(batch, CallPriority.Bulk, ReadTotal, cancellationToken);
    }

    /// <summary>Hashes of blocks of the best chain, in the order asked for, which should ascend: old versions walk from one to the next.</summary>
    /// <exception cref="DaemonErrorException">The chain ends below one of them.</exception>
    public Task<IReadOnlyList<Hash256>> GetBlockHashesAsync(IReadOnlyList<int> heights, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(heights.Count, MaxCallsPerBatch);
        var batch = new RpcBatch(heights.Count);
        foreach (int height in heights)
            batch.Add("getblockhash", height);
        return AskAsync<IReadOnlyList<Hash256>>(
            batch, CallPriority.Bulk, static reply => [.. Enumerable.Range(0, reply.Count).Select(reply.Hash)], cancellationToken);
    }

    /// <summary>
    /// How many transactions each block has, in the order asked for. Daemons of all versions can only send whole blocks for
    /// that; nothing but the count is decoded. The caller bounds how much it asks for.
    /// </summary>
    /// <exception cref="DaemonErrorException">-5: one of them is unknown to the daemon.</exception>
    public async Task<IReadOnlyList<long>> GetTransactionCountsAsync(IReadOnlyList<Hash256> hashes, CancellationToken cancellationToken)
    {
        long[] counts = new long[hashes.Count];
        await AskManyAsync(
            hashes, counts, static (batch, hash) => batch.Add("getblock", hash, false), ReadTransactionCount, MaxCallsPerBatch, cancellationToken);
        return counts;
    }

    /// <summary>Null too where a daemon started from a snapshot and does not know yet.</summary>
    private static long? ReadTotal(RpcReply reply) =>
        reply.ErrorOf(0) is null
        && reply.Object(0).TryGetProperty("txcount", out JsonElement count)
        && count.ValueKind == JsonValueKind.Number
        && count.TryGetInt64(out long total)
        && total > 0
            ? total
            : null;

    private static long ReadTransactionCount(RpcReply reply, int index, Hash256 hash)
    {
        ReadOnlySpan<byte> hex = reply.Result(index, JsonTokenType.String);
        Span<byte> start = stackalloc byte[BlockHeader.Size + LongestCount];
        start = start[..Math.Min(start.Length, hex.Length / 2)];
        if (start.Length <= BlockHeader.Size || !Hex.TryDecode(hex[..(start.Length * 2)], start) || BlockHeader.HashOf(start) != hash)
            throw new MalformedReplyException($"the daemon was asked for block {hash} and sent another");

        // No transaction is shorter than ten bytes, and a count that no block of this length can have is none.
        long count = ReadVarint(start[BlockHeader.Size..]);
        return count > 0 && count <= hex.Length / 20 ? count : throw reply.Malformed(index, "has an impossible number of transactions");
    }

    /// <summary>Bitcoin's variable-length integer; -1 if there are too few bytes for it.</summary>
    private static long ReadVarint(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        < 0xfd => bytes[0],
        0xfd when bytes.Length >= 3 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]),
        0xfe when bytes.Length >= 5 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]),
        _ => -1,
    };
}
