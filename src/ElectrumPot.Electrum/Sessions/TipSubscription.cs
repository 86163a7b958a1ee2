// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>The tip as one session hears of it: <c>headers.subscribe</c> or <c>numblocks.subscribe</c>.</summary>
internal sealed class TipSubscription(Session session) : IReplyEffect
{
    private bool _wanted;
    private bool _active;
    private long _sequence;
    private int _height;
    private Hash256 _tip;
    private TipForm _form;

    /// <summary>Remembers what the reply tells, so that the same is not told again.</summary>
    public void Reply(HeaderNotice notice, TipForm form)
    {
        lock (session.Output.Gate)
        {
            _wanted = true;
            _active = false;
            _form = form;
            Remember(notice);
        }
    }

    /// <summary>Unless it was stopped between its reply and the sending of it, as in a batch.</summary>
    public void Activate() => _active = _wanted;

    public void Abandon() => Stop();

    /// <returns>Whether it was subscribed.</returns>
    public bool Stop()
    {
        lock (session.Output.Gate)
        {
            bool wasWanted = _wanted;
            _wanted = _active = false;
            return wasWanted;
        }
    }

    public void CatchUp()
    {
        using IChainSnapshot snapshot = session.Server.Chain.Acquire();
        if (snapshot.Sequence > _sequence) session.AnnounceTip(snapshot);
    }

    /// <summary>Appends the notification, unless this tip, or a newer one, was the last told.</summary>
    public void Announce(HeaderNotice notice)
    {
        lock (session.Output.Gate)
        {
            if (!_active || notice.Sequence <= _sequence) return;
            bool isNews = _form == TipForm.Height ? notice.Height != _height : notice.TipHash != _tip;
            Remember(notice);
            if (isNews) session.Output.Append(notice.Line(_form));
        }
    }

    private void Remember(HeaderNotice notice)
    {
        _sequence = notice.Sequence;
        _height = notice.Height;
        _tip = notice.TipHash;
    }
}
