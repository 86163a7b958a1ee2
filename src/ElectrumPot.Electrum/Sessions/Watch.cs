// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// An output or transaction that a session watches, under the rules of scripts: nothing before the reply, the tip first,
/// nothing twice, what happens in quick succession as one (protocol, "Notifications").
/// </summary>
/// <param name="touchedBy">
/// Under which names an update says that it may have changed: of nothing but itself, so that no wallet can choose a name
/// that is touched all the time.
/// </param>
internal abstract class Watch(Session session, WatchKey key, params HashX[] touchedBy) : IReplyEffect, IWatcher
{
    private bool _active;
    private bool _closed;
    private bool _registered;

    public Session Session => session;

    public WatchKey Key => key;

    public bool ComesAfterStatuses => true;

    /// <summary>Of the state that was told last.</summary>
    protected long Sequence { get; private set; }

    protected bool IsActive => _active;

    /// <summary>Whether it is looked up in the same way as another of the same key.</summary>
    public virtual bool IsLookedUpLike(Watch other) => true;

    /// <summary>Enters the table, so that no update is missed from here on.</summary>
    public void Register()
    {
        lock (session.Output.Gate)
        {
            if (_closed || _registered) return;
            _registered = true;
            foreach (HashX name in touchedBy)
                session.Server.Subscriptions.Add(name, this);
        }
    }

    public void Activate() => _active = !_closed;

    public void Abandon() => session.ForgetWatch(this);

    public void CatchUp()
    {
        using IChainSnapshot snapshot = session.Server.Chain.Acquire();
        if (snapshot.Sequence <= Sequence) return;
        session.AnnounceTip(snapshot);
        Update(snapshot);
    }

    public void Update(SharedReading reading) => Update(reading.Snapshot);

    /// <summary>No word of it any more.</summary>
    public void Close()
    {
        lock (session.Output.Gate)
        {
            _closed = true;
            _active = false;
            if (!_registered) return;
            _registered = false;
            foreach (HashX name in touchedBy)
                session.Server.Subscriptions.Remove(name, this);
        }
    }

    protected abstract void Update(IChainSnapshot snapshot);

    /// <summary>Under the gate: what the reply tells is what was told last.</summary>
    protected void BeginReply(long sequence)
    {
        _active = false;
        Sequence = sequence;
    }

    /// <summary>Under the gate.</summary>
    /// <returns>False when a newer state was told already, or nothing may be told.</returns>
    protected bool TryAdvance(long sequence)
    {
        if (!_active || sequence <= Sequence) return false;
        Sequence = sequence;
        return true;
    }

    /// <summary>Under the gate.</summary>
    protected void Append(ReadOnlySpan<byte> method, Action<ReplyWriter> writeParams)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        writer.Raw("{\"jsonrpc\":\"2.0\",\"method\":\""u8);
        writer.Raw(method);
        writer.Raw("\",\"params\":["u8);
        writeParams(writer);
        writer.Raw("]}\n"u8);
        session.Output.Append(writer.Written);
    }
}
