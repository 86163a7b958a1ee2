// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum;
using ElectrumPot.Index;
using ElectrumPot.Index.Following;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Hosting;

/// <summary>What the configuration means to each part of the server.</summary>
internal static class PartOptions
{
    private const int KiloByte = 1000;
    private const int MegaByte = 1_000_000;

    public static IndexOptions Index(ServerConfiguration configuration) => new()
    {
        Coin = configuration.Coin,
        Path = DataFolder.Index(configuration),
        PruningLimit = (int)configuration.Get(RocksDbSection.PruningLimit),
        ReorgLimit = (int)configuration.Get(RocksDbSection.ReorgLimit),
        CacheBytes = configuration.Get(RocksDbSection.CacheMegabytes) << 20,
        ImportBufferBytes = configuration.Get(RocksDbSection.ImportMegabytes) << 20,
        StoreTransactions = configuration.Get(RocksDbSection.StoreTransactions),
        AnswerCacheBytes = configuration.Get(RocksDbSection.AnswerCacheMegabytes) << 20,
        TransactionCacheBytes = configuration.Get(RocksDbSection.TransactionCacheMegabytes) << 20,
    };

    public static FollowerOptions Follower(ServerConfiguration configuration) => new()
    {
        MempoolInterval = configuration.Get(ScheduleSection.MempoolPoll),
        ProgressInterval = configuration.Get(ScheduleSection.Progress),
    };

    public static DaemonOptions Daemon(ServerConfiguration configuration) => new()
    {
        Endpoints =
        [
            new DaemonEndpoint(
                configuration.Get(PotcoindSection.Host) is { Length: > 0 } host ? host : PotcoindSection.Host.DefaultValue,
                configuration.Get(PotcoindSection.Port) ?? configuration.Coin.RpcPort,
                configuration.Get(PotcoindSection.User),
                configuration.Get(PotcoindSection.Password)),
        ],
        MaxConnections = (int)configuration.Get(PotcoindSection.Connections),
        RequestTimeout = configuration.Get(PotcoindSection.Timeout),
    };

    public static ElectrumOptions Electrum(ServerConfiguration configuration, IReadOnlyList<ElectrumEndpoint> endpoints) => new()
    {
        Coin = configuration.Coin,
        Endpoints = endpoints,
        ServerName = $"ElectrumPot {ServerVersion.Text}",
        Banner = configuration.Get(ServerSection.Banner),
        BannerFile = configuration.GetPath(ServerSection.BannerFile) ?? (File.Exists(ServerSection.BannerFileOf2014) ? ServerSection.BannerFileOf2014 : null),
        DonationAddress = configuration.Get(ServerSection.DonationAddress),
        PruningLimit = (int)configuration.Get(RocksDbSection.PruningLimit),
        Hosts = AdvertisedHosts(configuration),
        Peers = PeerSettings.Read(configuration),
        Protocol = configuration.Protocol,
        RequiresNegotiation = configuration.Get(ServerSection.RequireNegotiation),
        HideRemovedMethods = !configuration.Get(ServerSection.RemovedMethods),
        Limits = Limits(configuration),
        Admission = Admission(configuration),
        Rates = Rates(configuration),
    };

    private static SessionLimits Limits(ServerConfiguration configuration) => new()
    {
        MaxRequestBytes = KiloBytes(configuration, LimitsSection.MaxRequest),
        MaxReplyBytes = KiloBytes(configuration, LimitsSection.MaxReply),
        MaxHistoryEntries = (int)configuration.Get(LimitsSection.MaxHistory),
        MaxBatch = (int)configuration.Get(LimitsSection.MaxBatch),
        MaxSubscriptions = (int)configuration.Get(LimitsSection.MaxSubscriptions),
        MaxOutstanding = (int)configuration.Get(LimitsSection.MaxOutstanding),
        MaxPendingOutputBytes = KiloBytes(configuration, LimitsSection.MaxPending),
        SlowReader = configuration.Get(LimitsSection.SlowReader),
        Idle = configuration.Get(LimitsSection.Idle),
        PollingExpiry = configuration.Get(LimitsSection.PollingExpiry),
        FirstRequest = configuration.Get(LimitsSection.FirstRequest),
        Request = configuration.Get(LimitsSection.Request),
        MaxPollingSessions = (int)configuration.Get(LimitsSection.MaxPollingSessions),
        TlsHandshake = configuration.Get(LimitsSection.Handshake),
        Daemon = configuration.Get(LimitsSection.Daemon),
    };

    private static AdmissionLimits Admission(ServerConfiguration configuration) => new()
    {
        MaxSessions = (int)configuration.Get(LimitsSection.MaxSessions),
        MaxSessionsPerAddress = (int)configuration.Get(LimitsSection.MaxSessionsPerAddress),
        MaxSessionsPerSubnet = (int)configuration.Get(LimitsSection.MaxSessionsPerSubnet),
        IPv4SubnetBits = (int)configuration.Get(LimitsSection.IPv4SubnetBits),
        IPv6SubnetBits = (int)configuration.Get(LimitsSection.IPv6SubnetBits),
        MaxSubscriptionsPerAddress = (int)configuration.Get(LimitsSection.MaxSubscriptionsPerAddress),
        MaxSubscriptionsInAll = (int)configuration.Get(LimitsSection.MaxSubscriptionsInAll),
        MaxPendingOutputInAll = configuration.Get(LimitsSection.MaxPendingInAll) * MegaByte,
        Exempt = configuration.Get(LimitsSection.Exempt),
        Unlimited = configuration.Get(LimitsSection.Unlimited),
        TrustedProxies = configuration.Get(ServerSection.TrustedProxies),
        DryRun = configuration.Get(LimitsSection.DryRun),
    };

    private static RateLimits Rates(ServerConfiguration configuration) => new()
    {
        RequestsPerSecond = configuration.Get(LimitsSection.RequestsPerSecond),
        RequestBurst = configuration.Get(LimitsSection.RequestBurst),
        AddressRequestsPerSecond = configuration.Get(LimitsSection.AddressRequestsPerSecond),
        AddressRequestBurst = configuration.Get(LimitsSection.AddressRequestBurst),
        MaxSlowed = configuration.Get(LimitsSection.MaxSlowed),
        MaxLargeReads = (int)configuration.Get(LimitsSection.MaxLargeReads),
    };

    private static int KiloBytes(ServerConfiguration configuration, ConfigurationOption<long> option) => checked((int)(configuration.Get(option) * KiloByte));

    /// <summary>The clearnet name first. A server that only this machine can reach has nothing to tell others but its .onion name.</summary>
    internal static AdvertisedHost[] AdvertisedHosts(ServerConfiguration configuration)
    {
        string name = configuration.Get(ServerSection.ReportHost) is { Length: > 0 } reported ? reported : configuration.Get(ServerSection.Host);
        bool isPrivate = name is "localhost" || (IPAddress.TryParse(name, out IPAddress? address)
            && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
        if (isPrivate) return [.. PeerSettings.OnionHosts(configuration)];
        int? Port(ElectrumTransport transport) => TransportPorts.Reported(configuration, transport);
        return
        [
            new AdvertisedHost(name)
            {
                TcpPort = Port(ElectrumTransport.Tcp),
                TlsPort = Port(ElectrumTransport.Tls),
                WebSocketPort = Port(ElectrumTransport.WebSocket),
                WebSocketTlsPort = Port(ElectrumTransport.WebSocketTls),
                HttpPort = Port(ElectrumTransport.Http),
                HttpTlsPort = Port(ElectrumTransport.HttpTls),
            },
            .. PeerSettings.OnionHosts(configuration),
        ];
    }
}
