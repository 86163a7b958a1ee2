// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

public sealed partial class DaemonClient
{
    private const int TransactionsPerBatch = 200;

    /// <summary>
    /// A transaction of mempool or chain; null when the daemon does not know it. Needs txindex for the chain (default in
    /// 0.8.7.2 and 0.9.5). The coinbase of the genesis block is unknown to every version. Where bytes matter, hash them:
    /// a mining 0.8.7.2 may return others (version rewritten in place).
    /// </summary>
    public Task<byte[]?> GetRawTransactionAsync(Hash256 txid, CancellationToken cancellationToken)
    {
        var batch = new RpcBatch();
        batch.Add("getrawtransaction", txid);
        return AskAsync(batch, CallPriority.Interactive, static reply => ReadTransaction(reply, 0, default), cancellationToken);
    }

    /// <summary>As <see cref="GetRawTransactionAsync"/> for many, in the order asked for.</summary>
    public async Task<IReadOnlyList<byte[]?>> GetRawTransactionsAsync(IReadOnlyList<Hash256> txids, CancellationToken cancellationToken)
    {
        var transactions = new byte[]?[txids.Count];
        await AskManyAsync(
            txids, transactions, static (batch, txid) => batch.Add("getrawtransaction", txid), ReadTransaction, TransactionsPerBatch, cancellationToken);
        return transactions;
    }

    /// <summary>
    /// The daemon's own description of a transaction, its shape depending on the version; null when it does not know it.
    /// The key "time", which 0.8.7.2 writes twice, is there once and means the time of the block.
    /// </summary>
    public Task<JsonElement?> GetVerboseTransactionAsync(Hash256 txid, CancellationToken cancellationToken)
    {
        var batch = new RpcBatch();
        // The flag is a number: older versions refuse a boolean here.
        batch.Add("getrawtransaction", txid, 1);
        return AskAsync(
            batch,
            CallPriority.Interactive,
            static reply => reply.ErrorOf(0) is { Code: RpcErrorCode.NotFound } ? (JsonElement?)null : reply.Object(0),
            cancellationToken);
    }

    /// <summary>The txids of the mempool, in no order that means anything.</summary>
    public async Task<IReadOnlyList<Hash256>> GetMempoolTxidsAsync(CancellationToken cancellationToken) =>
        await AskAsync(RpcBatch.Of("getrawmempool"), CallPriority.Bulk, static reply => reply.Hashes(0), cancellationToken);

    /// <summary>
    /// Submits a transaction and returns its txid as the daemon computed it. A transaction that is in its mempool already
    /// is a success in every version (0.8 calls it rejected).
    /// </summary>
    /// <param name="hex">As the wallet sent it; the daemon judges it. What follows the transaction is ignored there.</param>
    /// <exception cref="DaemonRejectedException">Refused; code and message verbatim.</exception>
    /// <exception cref="DaemonUnavailableException">
    /// Not submitted, or the reply was lost and the daemon does not know the transaction: it can be sent again.
    /// </exception>
    public async Task<Hash256> SendRawTransactionAsync(string hex, CancellationToken cancellationToken)
    {
        try
        {
            return await SubmitAsync(hex, cancellationToken);
        }
        catch (DaemonUnavailableException error) when (error.MayHaveBeenProcessed && ComputeTxid(hex) is not null)
        {
            Hash256 txid = ComputeTxid(hex)!.Value;
            _log.BroadcastReplyLost(txid);
            if (await GetRawTransactionAsync(txid, cancellationToken) is not null)
                return txid;
            return await SubmitAsync(hex, cancellationToken);
        }
    }

    private async Task<Hash256> SubmitAsync(string hex, CancellationToken cancellationToken)
    {
        var batch = new RpcBatch();
        batch.Add("sendrawtransaction", hex);
        RpcError? refusal = null;
        Hash256 txid = await _link.AskAsync(
            batch,
            CallPriority.Interactive,
            reply =>
            {
                refusal = reply.ErrorOf(0);
                return refusal is null ? reply.Hash(0) : default;
            },
            cancellationToken,
            repeatable: false);
        if (refusal is null)
            return txid;
        if (refusal.Code == RpcErrorCode.TxRejected && ComputeTxid(hex) is { } known && await IsInMempoolAsync(known, cancellationToken))
            return known;
        throw new DaemonRejectedException(refusal.Code, refusal.Message);
    }

    private async Task<bool> IsInMempoolAsync(Hash256 txid, CancellationToken cancellationToken) =>
        await GetVerboseTransactionAsync(txid, cancellationToken) is { } transaction && !transaction.TryGetProperty("blockhash", out _);

    /// <summary>Null if it is no transaction; the daemon then says so better.</summary>
    private Hash256? ComputeTxid(string hex)
    {
        try
        {
            return TransactionReader.Read(Convert.FromHexString(hex), _coin.TransactionFormat, out _).ComputeTxid();
        }
        catch (Exception error) when (error is FormatException or MalformedBlockException)
        {
            return null;
        }
    }

    private static byte[]? ReadTransaction(RpcReply reply, int index, Hash256 txid) =>
        reply.ErrorOf(index) is { Code: RpcErrorCode.NotFound } ? null : reply.Bytes(index);
}
