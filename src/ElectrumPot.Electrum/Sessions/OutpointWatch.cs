// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>An output that a session watches: <c>blockchain.outpoint.subscribe</c>. It may not exist yet.</summary>
/// <param name="script">Of the output, as the wallet says: with it the spend is looked up.</param>
internal sealed class OutpointWatch(Session session, OutPoint outPoint, HashX script)
    : Watch(session, new WatchKey(outPoint.Txid, outPoint.Index), HashX.OfTxid(outPoint.Txid), HashX.OfOutPoint(outPoint))
{
    private byte[] _text = [];
    private OutpointStatus _told;

    private HashX Script => script;

    public override bool IsLookedUpLike(Watch other) => other is OutpointWatch watch && watch.Script == script;

    /// <param name="text">The txid as the wallet wrote it: notifications repeat it.</param>
    public void Reply(ReadOnlySpan<byte> text, OutpointStatus status, long sequence)
    {
        lock (Session.Output.Gate)
        {
            if (!text.SequenceEqual(_text)) _text = text.ToArray();
            _told = status;
            BeginReply(sequence);
        }
    }

    public static void WriteStatus(ReplyWriter writer, OutpointStatus status)
    {
        writer.Raw((byte)'{');
        if (status.FunderHeight is { } height)
        {
            writer.Raw("\"funder_height\":"u8);
            writer.Integer(height);
        }

        if (status.Spender is { } spender)
        {
            writer.Raw(",\"spender_txhash\":"u8);
            writer.Hash(spender);
            writer.Raw(",\"spender_height\":"u8);
            writer.Integer(status.SpenderHeight);
        }

        writer.Raw((byte)'}');
    }

    protected override void Update(IChainSnapshot snapshot)
    {
        OutpointStatus told;
        lock (Session.Output.Gate)
            told = _told;
        if (!snapshot.TryGetOutpointStatus(outPoint, script, Session.MaxHistory, out OutpointStatus status)) return;
        if (status.FunderHeight is null && IsSpentAsTold(snapshot, told)) status = told;
        lock (Session.Output.Gate)
        {
            if (!TryAdvance(snapshot.Sequence) || status == _told) return;
            _told = status;
            Append("blockchain.outpoint.subscribe"u8, writer =>
            {
                writer.String(_text);
                writer.Raw((byte)',');
                writer.Integer(outPoint.Index);
                writer.Raw((byte)',');
                WriteStatus(writer, status);
            });
        }
    }

    /// <summary>A spend that has been told may be pruned later; that is no news for the wallet.</summary>
    private static bool IsSpentAsTold(IChainSnapshot snapshot, OutpointStatus told) =>
        told is { Spender: { } spender, SpenderHeight: > 0 }
        && snapshot.TryFindTransaction(spender, out TxLocation location) && location.Height == told.SpenderHeight;
}
