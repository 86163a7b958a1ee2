// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.Json;
using ElectrumPot.Electrum.Backend;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Peers;

/// <summary>
/// The other servers: who they are, whether they are good, whom wallets are told of. Nobody is contacted unless
/// <see cref="PeerOptions.Discovery"/> is <see cref="PeerDiscovery.On"/>.
/// </summary>
public sealed partial class PeerDirectory
{
    /// <summary>
    /// What a <c>server.add_peer</c> costs its caller, in the units of the protocol's session costs (protocol,
    /// "add_peer", rule 7): it makes the server work for others.
    /// </summary>
    public const int AddPeerCost = 100;

    /// <summary>Unknown peers taken from one list of a peer.</summary>
    private const int NewPerList = 2;

    private static readonly byte[] Nobody = "[]"u8.ToArray();
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);

    private readonly PeerOptions _options;
    private readonly PeerTable _table;
    private readonly PeerListWriter _list;
    private readonly PeerVerifier _verifier;
    private readonly AddPeerGate _gate;
    private readonly BlacklistFile _blacklist;
    private readonly PeerStore? _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly List<Task> _checks = [];
    private long _savedChanges;
    private long _savedAt;

    /// <param name="log">For all that happens with peers.</param>
    public PeerDirectory(ElectrumOptions options, IChainSource chain, ILogger log, TimeProvider time)
        : this(options, chain, log, time, PeerNetwork.Internet)
    {
    }

    internal PeerDirectory(ElectrumOptions options, IChainSource chain, ILogger log, TimeProvider time, PeerNetwork network)
    {
        _options = options.Peers;
        _time = time;
        _log = log;
        Own = new OwnIdentities(options.Hosts, network.IsPublic);
        _table = new PeerTable(_options, Own, time);
        _list = new PeerListWriter(options, Own, _table, time);
        _blacklist = new BlacklistFile(_options.BlacklistFile, time, log);
        _store = _options.StoreFile is { } file ? new PeerStore(file, log) : null;
        _verifier = new PeerVerifier(options, chain, Own, network, FindObjection, time);
        _gate = new AddPeerGate(options.Coin.GenesisHash, Own, _table, new PeerDialer(_options, network, time), network, _options, time);
    }

    internal OwnIdentities Own { get; }

    private bool IsOn => _options.Discovery == PeerDiscovery.On;

    /// <summary>Every peer that is remembered, at this moment.</summary>
    public IReadOnlyList<PeerInfo> List() => [.. _table.Select(peer => peer.Describe()).OrderBy(peer => peer.Host, StringComparer.Ordinal)];

    /// <summary>Examines peers until cancelled; returns at once when discovery is not on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!IsOn) return;
        if (Own.IsOnionOnly) LogOnionOnly();
        _blacklist.Refresh();
        if (_store is not null)
        {
            foreach (Peer peer in _store.Load(_time.GetUtcNow())) _table.Restore(peer);
        }

        foreach (string seed in _options.Seeds)
        {
            if (PeerAnnouncement.TryParse(seed, out PeerAnnouncement? announcement)) Learn(announcement, "seed", isSeed: true);
        }

        _table.Apply(_blacklist.Current);
        await ExamineAsync(cancellation);
        Save();
    }

    /// <summary>Somebody told of a server, without proof; it will be examined.</summary>
    /// <returns>Whether it was unknown.</returns>
    internal bool Learn(PeerAnnouncement announcement, string source, bool isSeed = false)
    {
        if (!IsOn || _table.Learn(announcement, source, isSeed: isSeed) != LearnResult.New) return false;
        LogFound(announcement.Host.Name, announcement.Ports.ToString(), source);
        // What is listed must not be contacted even once.
        _table.Apply(_blacklist.Current);
        return true;
    }

    /// <summary>Answers <c>server.add_peer</c>.</summary>
    /// <param name="features">Whatever the caller sent.</param>
    /// <returns>Whether the caller's server will be looked at.</returns>
    internal async Task<bool> AddAsync(JsonElement features, IPAddress caller, CancellationToken cancellation)
    {
        if (!IsOn || !PeerFeatures.TryRead(features, out PeerFeatures? read) || !await _gate.AskAsync(read, caller, cancellation)) return false;
        _table.Apply(_blacklist.Current);
        return true;
    }

    /// <summary>The JSON text of the result of <c>server.peers.subscribe</c>; never null.</summary>
    internal ReadOnlyMemory<byte> GetList(IPAddress caller) =>
        _options.Discovery == PeerDiscovery.Off ? Nobody : _list.Get(_options.TorProxy is IPEndPoint proxy && caller.Unmapped.Equals(proxy.Address));

    private async Task ExamineAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TickInterval, _time);
        try
        {
            do
            {
                foreach (Task done in _checks.Where(check => check.IsCompleted).ToList())
                {
                    _checks.Remove(done);
                    // What could not be handled comes out here.
                    await done;
                }

                if (_blacklist.Refresh()) _table.Apply(_blacklist.Current);
                foreach (PeerTarget target in _table.TakeDue(_options.MaxConcurrentChecks - _checks.Count))
                    _checks.Add(Task.Run(() => CheckAsync(target, cancellation), CancellationToken.None));
                if (_time.GetElapsedTime(_savedAt) >= SaveInterval) Save();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
        }

        await Task.WhenAll(_checks);
    }

    private async Task CheckAsync(PeerTarget target, CancellationToken cancellation)
    {
        PeerCheck check;
        try
        {
            check = await _verifier.CheckAsync(target, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops; the peer stays as it was.
            return;
        }
        catch (Exception failure)
        {
            // One peer's trouble must not end the care for the others.
            LogFailed(failure, target.Host.Name);
            check = new PeerCheck(PeerVerdict.Unreachable, "internal error");
        }

        (PeerState before, PeerState after) = _table.Complete(target.Host, check);
        if (before != after) LogChanged(target.Host.Name, after, check.Error);
        PeerAnnouncement[] others = [.. check.Others];
        Random.Shared.Shuffle(others);
        LearnSome(others, target.Host);
    }

    private void LearnSome(PeerAnnouncement[] others, PeerHost source)
    {
        int taken = 0;
        foreach (PeerAnnouncement other in others)
        {
            if (_table.Learn(other, $"list of {source}") != LearnResult.New) continue;
            LogFound(other.Host.Name, other.Ports.ToString(), $"list of {source}");
            if (++taken == NewPerList) break;
        }

        if (taken > 0) _table.Apply(_blacklist.Current);
    }

    private string? FindObjection(PeerHost host, IPAddress? address) =>
        _blacklist.Current.Includes(host, address) ? Blacklist.Objection : _table.FindObjection(host, address);

    private void Save()
    {
        _savedAt = _time.GetTimestamp();
        long changes = _table.Changes;
        if (_store is null || changes == _savedChanges) return;
        _savedChanges = changes;
        _store.Save(_table.Select(peer => peer.State == PeerState.Forgotten ? null : PeerStore.Write(peer)).OfType<byte[]>());
    }

    [LoggerMessage(EventId = 35, Level = LogLevel.Information, Message = "known by .onion names only: other servers are contacted only at theirs")]
    private partial void LogOnionOnly();

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "peer found host={Host} ports={Ports} source={Source}")]
    private partial void LogFound(string host, string ports, string source);

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "peer is now {State} host={Host} reason={Reason}")]
    private partial void LogChanged(string host, PeerState state, string reason);

    [LoggerMessage(EventId = 32, Level = LogLevel.Error, Message = "checking a peer failed host={Host}")]
    private partial void LogFailed(Exception failure, string host);
}
