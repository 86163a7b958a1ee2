// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>A transaction that a session watches: <c>blockchain.transaction.subscribe</c>. It may not exist yet.</summary>
internal sealed class TransactionWatch(Session session, Hash256 txid) : Watch(session, new WatchKey(txid), HashX.OfTxid(txid))
{
    private byte[] _text = [];
    private int? _told;

    /// <returns>Height of its block; 0 in the mempool; null when it is unknown.</returns>
    public static int? HeightOf(IChainSnapshot snapshot, Hash256 txid)
    {
        if (snapshot.IsInMempool(txid)) return 0;
        return snapshot.TryFindTransaction(txid, out TxLocation location) ? location.Height : null;
    }

    /// <param name="text">The txid as the wallet wrote it: notifications repeat it.</param>
    public void Reply(ReadOnlySpan<byte> text, int? height, long sequence)
    {
        lock (Session.Output.Gate)
        {
            if (!text.SequenceEqual(_text)) _text = text.ToArray();
            _told = height;
            BeginReply(sequence);
        }
    }

    public static void WriteHeight(ReplyWriter writer, int? height)
    {
        if (height is { } known) writer.Integer(known);
        else writer.Null();
    }

    protected override void Update(IChainSnapshot snapshot)
    {
        int? height = HeightOf(snapshot, txid);
        lock (Session.Output.Gate)
        {
            if (!TryAdvance(snapshot.Sequence) || height == _told) return;
            _told = height;
            Append("blockchain.transaction.subscribe"u8, writer =>
            {
                writer.String(_text);
                writer.Raw((byte)',');
                WriteHeight(writer, height);
            });
        }
    }
}
