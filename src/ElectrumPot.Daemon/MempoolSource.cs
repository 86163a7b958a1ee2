// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon;

/// <summary>Fetches what is new in the daemon's mempool. For one caller at a time.</summary>
/// <param name="maxBytesPerPoll">Serialised bytes after which a poll ends early and says so.</param>
public sealed class MempoolSource(DaemonClient daemon, Coin coin, ILogger<MempoolSource> logger, long maxBytesPerPoll = 32 << 20)
{
    private const int TransactionsPerBatch = 200;

    // Listed, but with bytes of another txid: not worth a question and a log line at every poll.
    private HashSet<Hash256> _refused = [];

    /// <param name="known">The txids whose bytes the caller has.</param>
    public async Task<MempoolDelta> PollAsync(IReadOnlySet<Hash256> known, CancellationToken cancellationToken)
    {
        IReadOnlyList<Hash256> all = await daemon.GetMempoolTxidsAsync(cancellationToken);
        if (_refused.Count > 0)
            _refused = [.. all.Where(_refused.Contains)];
        List<Hash256> unknown = [.. all.Where(txid => !known.Contains(txid) && !_refused.Contains(txid))];

        var added = new List<MempoolTransaction>(Math.Min(unknown.Count, TransactionsPerBatch));
        long bytes = 0;
        int asked = 0;
        while (asked < unknown.Count && bytes < maxBytesPerPoll)
        {
            List<Hash256> txids = unknown.GetRange(asked, Math.Min(TransactionsPerBatch, unknown.Count - asked));
            IReadOnlyList<byte[]?> raws = await daemon.GetRawTransactionsAsync(txids, cancellationToken);
            for (int i = 0; i < txids.Count; i++)
            {
                if (raws[i] is not { } raw) continue;
                if (IsOfTxid(raw, txids[i]))
                {
                    added.Add(new MempoolTransaction(txids[i], raw));
                    bytes += raw.Length;
                }
                else if (_refused.Add(txids[i]))
                {
                    logger.MempoolMismatch(txids[i]);
                }
            }

            asked += txids.Count;
        }

        return new MempoolDelta(all, added, IsComplete: asked == unknown.Count);
    }

    /// <summary>A mining 0.8.7.2 rewrites the version of transactions in its mempool, and then serves them under the old txid.</summary>
    private bool IsOfTxid(byte[] raw, Hash256 txid)
    {
        try
        {
            return TransactionReader.Read(raw, coin.TransactionFormat, out int length).ComputeTxid() == txid && length == raw.Length;
        }
        catch (MalformedBlockException)
        {
            return false;
        }
    }
}
