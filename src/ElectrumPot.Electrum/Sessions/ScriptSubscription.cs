// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>One script or address that a session watches.</summary>
/// <remarks>
/// Legacy subscriptions (those of address methods while the session speaks 1.0 or older) follow the rule of the 2014
/// wallet, whose synchroniser dies of a history that is not the one behind the status it was told: the list of the
/// last status is pinned until it was fetched or replaced, and the next status waits a moment for the wallet to fetch
/// it (protocol, "Notifications", rule 3).
/// </remarks>
internal sealed class ScriptSubscription(Session session, ScriptKey key, int textBytes) : IReplyEffect, IWatcher
{
    /// <summary>The wallet asks at once; this allows for a slow line.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    /// <summary>A wallet that has not asked for so long knew the history already.</summary>
    public static readonly TimeSpan PinLifetime = TimeSpan.FromSeconds(60);

    // There may be millions of these: what few of them need is kept apart.
    private byte[]? _unusualText;
    private HashX[]? _otherScripts;
    private PinnedHistory? _pinned;
    private bool _isRegistered;
    private bool _isPinning;
    private bool _active;
    private bool _closed;
    private bool _held;
    private bool _hasStatus;
    private Hash256 _status;
    private long _sequence;

    public Session Session => session;

    public ScriptKey Key => key;

    public bool ComesAfterStatuses => false;

    public bool IsPinning => _isPinning;

    /// <summary>Memory that the script's name takes, as the wallet wrote it.</summary>
    public int TextBytes => textBytes;

    /// <summary>Announced for a state as new as this; older news is no news.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>Enters the table, so that no update is missed from here on.</summary>
    public void Register(ScriptSet scripts)
    {
        if (_isRegistered && scripts.Scripts.Count == 1 + (_otherScripts?.Length ?? 0)) return;
        lock (session.Output.Gate)
        {
            if (_closed) return;
            if (!_isRegistered) session.Server.Subscriptions.Add(scripts.Primary, this);
            _isRegistered = true;
            if (scripts.Scripts.Count == 1) return;
            HashX[] known = _otherScripts ?? [];
            HashX[] added = [.. scripts.Scripts.Skip(1).Except(known)];
            _otherScripts = [.. known, .. added];
            foreach (HashX script in added)
                session.Server.Subscriptions.Add(script, this);
        }
    }

    /// <summary>Remembers what the subscribing reply tells.</summary>
    /// <param name="text">
    /// Script hash, address or script as the wallet wrote it: notifications repeat it, because wallets build from it the
    /// key they look their subscription up with. That holds for protocol 1.7 too, whose text leaves open whether the script
    /// or its hash comes back: a wallet that subscribes with a script and hears of a hash would have to hash every script
    /// it ever named to find out which one is meant.
    /// </param>
    /// <param name="state">The status of the reply.</param>
    public void Reply(ReadOnlySpan<byte> text, in ScriptState state)
    {
        lock (session.Output.Gate)
        {
            _unusualText = key.IsUsualText(text) ? null : text.ToArray();
            _active = false;
            _isPinning = state.History is not null;
            Remember(state);
        }
    }

    /// <summary>Given up while its reply was written, it would never speak: a new one has to take its place.</summary>
    public bool IsCurrent => !_closed;

    public void Activate() => _active = !_closed;

    public void Abandon() => Leave();

    public void CatchUp()
    {
        using IChainSnapshot snapshot = session.Server.Chain.Acquire();
        if (snapshot.Sequence > Sequence) Evaluate(snapshot);
    }

    public void Update(SharedReading reading)
    {
        if (reading.Read(this) is { } state) Announce(state);
        else GiveUp();
    }

    /// <summary>Compares with what was told last and tells the difference, the tip first.</summary>
    public void Evaluate(IChainSnapshot snapshot)
    {
        ScriptSet scripts = key.Resolve(snapshot);
        Register(scripts);
        bool known = ScriptState.TryRead(snapshot, scripts, session.MaxHistory, _isPinning, out ScriptState state);
        session.AnnounceTip(snapshot);
        if (known) Announce(state);
        else GiveUp();
    }

    public void Announce(in ScriptState state)
    {
        lock (session.Output.Gate)
        {
            if (!_active || state.Sequence < _sequence) return;
            if (state.Status == Status)
            {
                _sequence = state.Sequence;
                _held = false;
                return;
            }

            if (_pinned is { Entries.Count: > 0 } && session.Server.Time.GetElapsedTime(_pinned.At) < Hold)
            {
                _held = true;
                return;
            }

            Remember(state);
            AppendNotification(state.Status);
        }
    }

    /// <summary>The list behind the last status told, if the wallet has still to fetch it.</summary>
    public IReadOnlyList<HistoryEntry>? Pinned
    {
        get
        {
            lock (session.Output.Gate)
                return _pinned?.Entries;
        }
    }

    /// <summary>
    /// The pinned list was sent: what was held back may follow. If the next status went out just before, the wallet took
    /// no notice of it while it waited for the list, and hears it again.
    /// </summary>
    public void Unpin(IReadOnlyList<HistoryEntry> sent)
    {
        lock (session.Output.Gate)
        {
            if (ReferenceEquals(_pinned?.Entries, sent)) Pin(null);
            else if (_pinned is not null) Repeat();
        }
    }

    /// <summary>Whether a list is the one behind the status told last, or newer.</summary>
    public bool IsBehindStatus(long sequence, IReadOnlyList<HistoryEntry> history)
    {
        lock (session.Output.Gate)
            return !_active || sequence >= _sequence || StatusHash.Compute(history) == Status;
    }

    /// <summary>Tells the last status once more.</summary>
    public void Repeat()
    {
        lock (session.Output.Gate)
        {
            if (_active) AppendNotification(Status);
        }
    }

    /// <summary>Tells what was held back for a wallet that did not fetch, and lets old pins go.</summary>
    /// <returns>False when there is nothing left to look after.</returns>
    public bool Sweep()
    {
        bool isDue;
        lock (session.Output.Gate)
        {
            if (_closed || _pinned is null) return false;
            TimeSpan age = session.Server.Time.GetElapsedTime(_pinned.At);
            isDue = _held && age >= Hold;
            if (!_held && age >= PinLifetime)
            {
                Pin(null);
                return false;
            }
        }

        if (isDue) CatchUp();
        return true;
    }

    /// <summary>No word of it any more.</summary>
    public void Close()
    {
        lock (session.Output.Gate)
        {
            _closed = true;
            _active = false;
            Pin(null);
            if (_isRegistered) session.Server.Subscriptions.Remove(key.Primary, this);
            foreach (HashX script in _otherScripts ?? [])
                session.Server.Subscriptions.Remove(script, this);
            _isRegistered = false;
            _otherScripts = null;
        }
    }

    private void Remember(in ScriptState state)
    {
        Status = state.Status;
        _sequence = state.Sequence;
        Pin(state.History);
        _held = false;
    }

    /// <summary>The last one told.</summary>
    private Hash256? Status
    {
        get => _hasStatus ? _status : null;
        set => (_hasStatus, _status) = (value.HasValue, value.GetValueOrDefault());
    }

    /// <summary>Under the gate. With too much pinned in all, the wallet gets the history as it is when it asks.</summary>
    private void Pin(IReadOnlyList<HistoryEntry>? history)
    {
        SharedTotal pinned = session.Server.Admission.PinnedEntries;
        if (_pinned is not null) pinned.GiveBack(_pinned.Entries.Count);
        _pinned = history is not null && !_closed && pinned.TryTake(history.Count) ? new PinnedHistory(history, session.Server.Time.GetTimestamp()) : null;
        if (_pinned is not null) session.WatchPin(this);
    }

    /// <summary>
    /// The history has become too large to be told: a last notification without status, then silence, as ElectrumX
    /// does; the wallet that asks gets the error.
    /// </summary>
    public void GiveUp()
    {
        lock (session.Output.Gate)
        {
            if (!_active) return;
            AppendNotification(status: null);
            Leave();
        }
    }

    /// <summary>The session may have subscribed to the script anew meanwhile: that subscription stays.</summary>
    private void Leave()
    {
        lock (session.Output.Gate)
        {
            if (session.TryGetScript(key, out ScriptSubscription? known) && ReferenceEquals(known, this)) session.ForgetScript(key);
            else Close();
        }
    }

    private void AppendNotification(Hash256? status)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        writer.Raw("{\"jsonrpc\":\"2.0\",\"method\":\"blockchain."u8);
        writer.Raw(key.Naming switch
        {
            ScriptNaming.Address => "address"u8,
            ScriptNaming.ScriptPubKey => "scriptpubkey"u8,
            _ => "scripthash"u8,
        });
        writer.Raw(".subscribe\",\"params\":["u8);
        if (_unusualText is null) key.WriteUsualText(writer);
        else writer.String(_unusualText);
        writer.Raw((byte)',');
        writer.Status(status);
        writer.Raw("]}\n"u8);
        session.Output.Append(writer.Written);
    }

    /// <param name="At">When it was pinned.</param>
    private sealed record PinnedHistory(IReadOnlyList<HistoryEntry> Entries, long At);
}
