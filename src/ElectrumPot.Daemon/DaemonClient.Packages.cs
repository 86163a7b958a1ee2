// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

/// <summary>What only later daemons can; that one cannot is learned from its first answer.</summary>
public sealed partial class DaemonClient
{
    private const string SubmitPackage = "submitpackage";
    private const string TestMempoolAccept = "testmempoolaccept";

    /// <summary>Submits transactions together, the child last.</summary>
    /// <returns>The daemon's own report; null when it has no packages.</returns>
    /// <exception cref="DaemonErrorException">It is no package; the message says why.</exception>
    public async Task<JsonElement?> SubmitPackageAsync(IReadOnlyList<string> transactions, CancellationToken cancellationToken)
    {
        if (!_link.Has(SubmitPackage)) return null;
        var batch = new RpcBatch();
        batch.Add(SubmitPackage, transactions);
        return await AskAsync(
            batch,
            CallPriority.Interactive,
            static reply => IsMissing(reply) ? (JsonElement?)null : reply.Object(0),
            cancellationToken);
    }

    /// <summary>Tries transactions, the child last, without submitting them.</summary>
    /// <returns>In the order asked for; null when the daemon cannot.</returns>
    /// <exception cref="DaemonErrorException">One of them is no transaction; the message says so.</exception>
    public async Task<IReadOnlyList<MempoolAcceptance>?> TestMempoolAcceptAsync(IReadOnlyList<string> transactions, CancellationToken cancellationToken)
    {
        if (!_link.Has(TestMempoolAccept)) return null;
        try
        {
            var together = new RpcBatch();
            together.Add(TestMempoolAccept, transactions);
            return await AskAsync(together, CallPriority.Interactive, ReadAcceptances, cancellationToken);
        }
        catch (DaemonErrorException refusal) when (refusal.Code == RpcErrorCode.InvalidParameter && transactions.Count > 1)
        {
            // Before bitcoind 22 (litecoind 0.21 too) only one at a time.
            var apart = new RpcBatch(transactions.Count);
            foreach (string transaction in transactions)
                apart.Add(TestMempoolAccept, [transaction]);
            return await AskAsync(apart, CallPriority.Interactive, ReadAcceptances, cancellationToken);
        }
    }

    /// <summary>The height of a block on the daemon's best chain.</summary>
    /// <returns>Null when the block is unknown or aside.</returns>
    public Task<int?> GetBlockHeightAsync(Hash256 hash, CancellationToken cancellationToken)
    {
        var batch = new RpcBatch();
        // 0.8 has the headers of blocks only together with their txids.
        batch.Add("getblock", hash, true);
        return AskAsync(batch, CallPriority.Interactive, ReadHeight, cancellationToken);
    }

    private static int? ReadHeight(RpcReply reply)
    {
        if (reply.ErrorOf(0) is { Code: RpcErrorCode.NotFound }) return null;
        JsonElement block = reply.Object(0);
        bool isAside = block.TryGetProperty("confirmations", out JsonElement confirmations)
            && confirmations.TryGetInt32(out int count) && count < 1;
        return !isAside && block.TryGetProperty("height", out JsonElement height) && height.TryGetInt32(out int value) ? value : null;
    }

    private static List<MempoolAcceptance>? ReadAcceptances(RpcReply reply)
    {
        if (IsMissing(reply)) return null;
        var acceptances = new List<MempoolAcceptance>();
        for (int i = 0; i < reply.Count; i++)
        {
            reply.ThrowIfError(i);
            foreach (JsonElement entry in reply.Value(i).EnumerateArray())
                acceptances.Add(ReadAcceptance(reply, i, entry));
        }

        return acceptances;
    }

    private static MempoolAcceptance ReadAcceptance(RpcReply reply, int index, JsonElement entry)
    {
        if (HashOf(entry, "txid") is not { } txid) throw reply.Malformed(index, "has no txid");
        return new MempoolAcceptance(
            txid,
            HashOf(entry, "wtxid"),
            entry.TryGetProperty("allowed", out JsonElement allowed) ? allowed.GetBoolean() : null,
            entry.TryGetProperty("reject-reason", out JsonElement reason) ? reason.GetString()
                : entry.TryGetProperty("package-error", out JsonElement packageError) ? packageError.GetString() : null);
    }

    private static Hash256? HashOf(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out JsonElement text) && Hash256.TryParse(text.GetString(), out Hash256 hash) ? hash : null;

    private static bool IsMissing(RpcReply reply) => reply.ErrorOf(0) is { Code: RpcErrorCode.MethodNotFound };
}
