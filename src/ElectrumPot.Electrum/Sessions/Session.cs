// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>What the server knows of one connected wallet.</summary>
public sealed partial class Session
{
    /// <summary>Bytes of one history entry in a reply, with room for height and fee.</summary>
    private const int HistoryEntryBytes = 110;

    /// <summary>Electrum before 4.6 drops longer messages without a word (protocol, "Write side limits").</summary>
    private const int OldElectrumMaxReply = 1_000_000;

    private const int MaxClientNameLength = 80;

    private readonly HashSet<ScriptSubscription> _scripts = new(new ScriptKeyComparer());
    private readonly HashSet<ScriptSubscription>.AlternateLookup<ScriptKey> _scriptsByKey;
    private readonly HashSet<ScriptSubscription> _pinned = [];
    private bool _isClosed;
    private TipSubscription? _headers;
    private TipSubscription? _numblocks;
    private readonly SessionGroup? _group;
    private long _lastActivity;
    private long _messageBegan;

    /// <param name="ticket">Null where nothing is counted.</param>
    internal Session(long id, ClientConnection client, PipeWriter output, ServerContext server, AdmissionTicket? ticket = null)
    {
        _scriptsByKey = _scripts.GetAlternateLookup<ScriptKey>();
        Id = id;
        Peer = client.Peer;
        ClientAddress = client.Address;
        EndPoint = client.EndPoint;
        _group = ticket?.Group;
        Meter = new SessionMeter(
            server.Admission, server.Options.Rates, _group, ticket?.IsUnlimited ?? false, EndPoint, server.Limits, server.Time);
        Transport = client.Transport;
        Server = server;
        MaxReplyBytes = server.Options.Limits.MaxReplyBytes;
        Output = new SessionOutput(output, server.Options.Limits.MaxPendingOutputBytes, server.Admission.PendingOutput, server.Time);
        Lease = new SnapshotLease(server.Chain);
        Version = VersionBeforeNegotiation(server.Options.Protocol);
        Chunks = new ChunkThrottle(server.Time);
        ConnectedAt = server.Time.GetUtcNow();
        MarkActive();
    }

    public long Id { get; }

    /// <summary>Address and port of the wallet.</summary>
    public string Peer { get; }

    /// <summary>What limits count by; <see cref="IPAddress.None"/> when it is not known.</summary>
    public IPAddress ClientAddress { get; }

    public ElectrumTransport Transport { get; }

    public DateTimeOffset ConnectedAt { get; }

    /// <summary>As the wallet calls itself; empty before it has.</summary>
    public string ClientName { get; private set; } = "";

    /// <summary>Whether <c>server.version</c> was answered, with or without a version in it.</summary>
    public bool HasIntroducedItself { get; private set; }

    /// <summary>Whether a version was agreed upon.</summary>
    public bool IsNegotiated { get; private set; }

    public ProtocolVersion Version { get; private set; }

    public long Requests { get; internal set; }

    public int Subscriptions
    {
        get
        {
            lock (Output.Gate)
                return _scripts.Count + _watches.Count;
        }
    }

    internal IPEndPoint EndPoint { get; }

    internal SessionMeter Meter { get; }

    public TimeSpan IdleFor => Server.Time.GetElapsedTime(Volatile.Read(ref _lastActivity));

    /// <summary>Old shapes: broadcast errors as text, dictionary headers, pinned histories.</summary>
    internal bool IsLegacy => Version <= ProtocolVersion.V1_0;

    internal ServerContext Server { get; }

    internal SessionOutput Output { get; }

    internal SnapshotLease Lease { get; }

    internal ChunkThrottle Chunks { get; }

    /// <summary>Made by the requests being handled, to be activated with the reply. For the session's own thread.</summary>
    internal List<IReplyEffect> Effects { get; } = [];

    internal int MaxReplyBytes { get; private set; }

    /// <summary>Longest history that fits into a reply to this wallet.</summary>
    internal int MaxHistory => Math.Min(Server.Options.Limits.MaxHistoryEntries, MaxReplyBytes / HistoryEntryBytes);

    /// <summary>Whether the session has a place among those that may read long histories.</summary>
    internal bool MayReadAll { get; set; }

    /// <summary>What a request may read; with less than <see cref="MaxHistory"/> it has to come again when it may read all.</summary>
    internal int MaxEntries => MayReadAll ? MaxHistory : Math.Min(MaxHistory, LargeReads.FreeEntries);

    internal void MarkActive() => Volatile.Write(ref _lastActivity, Server.Time.GetTimestamp());

    /// <summary>A message is complete, if only with nothing in it.</summary>
    internal void MarkComplete() => Volatile.Write(ref _messageBegan, 0);

    /// <summary>A part of a message has come, and the rest is waited for.</summary>
    internal void MarkIncomplete()
    {
        if (Volatile.Read(ref _messageBegan) == 0) Volatile.Write(ref _messageBegan, Server.Time.GetTimestamp() + 1);
    }

    /// <summary>For how long the message that is coming in has taken; zero between messages.</summary>
    internal TimeSpan IncompleteFor => Volatile.Read(ref _messageBegan) is var began and > 0 ? Server.Time.GetElapsedTime(began - 1) : TimeSpan.Zero;

    /// <param name="version">Null when the wallet asked for none: it stays as it is.</param>
    internal void Introduce(string clientName, ProtocolVersion? version)
    {
        HasIntroducedItself = true;
        if (clientName.Length > 0) ClientName = Clean(clientName);
        if (version is not { } agreed) return;
        Version = agreed;
        IsNegotiated = true;
        int limit = Server.Options.Limits.MaxReplyBytes;
        MaxReplyBytes = IsElectrumBefore46(ClientName) ? Math.Min(limit, OldElectrumMaxReply) : limit;
    }

    internal TipSubscription Headers => _headers ??= new TipSubscription(this);

    internal TipSubscription Numblocks => _numblocks ??= new TipSubscription(this);

    internal void AnnounceTip(HeaderNotice notice)
    {
        _numblocks?.Announce(notice);
        _headers?.Announce(notice);
    }

    internal void AnnounceTip(IChainSnapshot snapshot)
    {
        if (_headers is null && _numblocks is null) return;
        if (HeaderNotice.Of(snapshot) is { } notice) AnnounceTip(notice);
    }

    internal bool TryGetScript(ScriptKey key, [NotNullWhen(true)] out ScriptSubscription? subscription)
    {
        lock (Output.Gate)
            return _scriptsByKey.TryGetValue(key, out subscription);
    }

    /// <param name="textBytes">Length of the script's name as the wallet wrote it.</param>
    /// <returns>Null when there is no room for another subscription.</returns>
    internal ScriptSubscription? AddScript(ScriptKey key, int textBytes)
    {
        if (TryGetScript(key, out ScriptSubscription? known)) return known;
        int units = UnitsOf(textBytes);
        if (MustRefuseSubscription(units)) return null;
        lock (Output.Gate)
        {
            if (_isClosed) return null;
            if (_scriptsByKey.TryGetValue(key, out ScriptSubscription? subscription)) return subscription;
            if (!HasRoomFor(units)) return null;
            TakeRoom(units);
            subscription = new ScriptSubscription(this, key, textBytes);
            _scripts.Add(subscription);
            return subscription;
        }
    }

    /// <returns>Whether it was subscribed.</returns>
    internal bool ForgetScript(ScriptKey key)
    {
        lock (Output.Gate)
        {
            if (!_scriptsByKey.TryGetValue(key, out ScriptSubscription? subscription)) return false;
            _scripts.Remove(subscription);
            GiveBackRoom(UnitsOf(subscription.TextBytes));
            _pinned.Remove(subscription);
            subscription.Close();
            return true;
        }
    }

    internal void WatchPin(ScriptSubscription subscription)
    {
        lock (Output.Gate)
            _pinned.Add(subscription);
    }

    /// <summary>What has to happen without a request or an update.</summary>
    /// <returns>Whether there may be something to flush.</returns>
    internal bool SweepPins()
    {
        ScriptSubscription[] pinned;
        lock (Output.Gate)
        {
            if (_pinned.Count == 0) return false;
            pinned = [.. _pinned];
        }

        foreach (ScriptSubscription subscription in pinned)
        {
            if (subscription.Sweep()) continue;
            lock (Output.Gate)
                _pinned.Remove(subscription);
        }

        return true;
    }

    /// <summary>Leaves the tables; nothing is sent any more.</summary>
    internal void Close()
    {
        Output.Close();
        Lease.Release();
        lock (Output.Gate)
        {
            foreach (ScriptSubscription subscription in _scripts)
            {
                subscription.Close();
                GiveBackRoom(UnitsOf(subscription.TextBytes));
            }

            _isClosed = true;
            _scripts.Clear();
            _pinned.Clear();
            CloseWatches();
        }
    }

    /// <summary>The log is not written under the lock, so this is asked before.</summary>
    private bool MustRefuseSubscription(int units)
    {
        AdmissionLimits shared = Server.Admission.Limits;
        return IsOver(Limit.MaxSubscriptions, _subscriptionUnits, units, Server.Options.Limits.MaxSubscriptions)
            || (_group is not null && IsOver(Limit.MaxSubscriptionsPerAddress, _group.Subscriptions, units, shared.MaxSubscriptionsPerAddress))
            || IsOver(Limit.MaxSubscriptionsInAll, Server.Subscriptions.Count + Server.Admission.SubscriptionTexts.Taken, units, shared.MaxSubscriptionsInAll);
    }

    private bool IsOver(Limit limit, long taken, int units, int allowed) =>
        taken + units > allowed && Server.Limits.Exceeded(limit, EndPoint, taken + units, allowed, LimitAction.Refused);

    /// <summary>The shapes of 0.10, if that is served at all (protocol, "Recommended state machine").</summary>
    private static ProtocolVersion VersionBeforeNegotiation(VersionRange served) =>
        served.Min > ProtocolVersion.V0_10 ? served.Min : served.Max < ProtocolVersion.V0_10 ? served.Max : ProtocolVersion.V0_10;

    /// <summary>Fit for one line of a log.</summary>
    private static string Clean(string text) =>
        string.Concat(text.Take(MaxClientNameLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c));

    private static bool IsElectrumBefore46(string clientName)
    {
        const string Prefix = "electrum/";
        return clientName.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && ProtocolVersion.TryParse(clientName.AsSpan(Prefix.Length), out ProtocolVersion release)
            && release < new ProtocolVersion(4, 6);
    }
}
