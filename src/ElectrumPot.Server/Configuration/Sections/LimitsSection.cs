// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Limits;

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[limits]</c>: what one client may ask for.</summary>
internal static class LimitsSection
{
    public const string Name = "limits";

    public static readonly ConfigurationOption<bool> DryRun = new(
        Name, "dry_run", new BooleanKind(), defaultValue: false,
        "Refuses, slows and closes nobody for a limit, except where memory must be protected (sizes, totals, slow readers); log and counters say what would have happened.");

    public static readonly ConfigurationOption<AddressList> Exempt = new(
        Name, "exempt", new AddressListKind(), AddressList.Loopback,
        "Not counted by address and subnet, because many users may stand behind one address: by default this machine, where the users of a Tor hidden service or of a local proxy come from. The limits of each session hold for them as well.");

    public static readonly ConfigurationOption<AddressList> Unlimited = new(
        Name, "unlimited", new AddressListKind(), AddressList.Empty,
        "Your own programs: not counted by address and subnet, and asking as fast as they like. Sizes and totals hold for them as well.");

    public static readonly ConfigurationOption<long> MaxSessions = Number(
        "max_sessions", 10, 1_000_000, "sessions", 10_000, "Sessions of all clients together. Each needs memory and an open file: see ulimit -n.");

    public static readonly ConfigurationOption<long> MaxSessionsPerAddress = Number(
        "max_sessions_per_address", 1, 1_000_000, "sessions", 200, "Sessions of one address; an IPv6 address counts as its /64. One wallet opens up to 11, and a company or a village may share an address.");

    public static readonly ConfigurationOption<long> MaxSessionsPerSubnet = Number(
        "max_sessions_per_subnet", 1, 1_000_000, "sessions", 1_000, "Sessions of one subnet.");

    public static readonly ConfigurationOption<long> MaxPollingSessions = Number(
        "max_polling_sessions", 1, 1_000_000, "sessions", 1_000, "Sessions over HTTP polling of all clients together. They last for polling_expiry whether the client comes back or not.");

    public static readonly ConfigurationOption<long> IPv4SubnetBits = Number("ipv4_subnet_bits", 8, 32, "bits", 24, "What counts as one subnet: the length of its prefix.");

    public static readonly ConfigurationOption<long> IPv6SubnetBits = Number("ipv6_subnet_bits", 16, 64, "bits", 48, "The same for IPv6.");

    public static readonly ConfigurationOption<long> RequestsPerSecond = Number(
        "requests_per_second", 0, 1_000_000, "requests per second, 0 for no limit", 2_000,
        "How fast one session is answered once its burst is used up. Most requests count 1, those that cost more count more, and so do each 10 kB sent or received and each 10 entries of history read; see docs/limits.md. A session that asks faster is slowed, and no other feels it.");

    public static readonly ConfigurationOption<long> RequestBurst = Number(
        "request_burst", 100, 1_000_000_000, "requests", 1_000_000,
        "What one session may ask for at once before it is slowed: a wallet of 5000 scripts takes at most 580000 to synchronise. A session that owes twice as much is closed with the error 'excessive resource usage'.");

    public static readonly ConfigurationOption<long> AddressRequestsPerSecond = Number(
        "address_requests_per_second", 0, 1_000_000, "requests per second, 0 for no limit", 10_000, "The same for all sessions of one address together.");

    public static readonly ConfigurationOption<long> AddressRequestBurst = Number(
        "address_request_burst", 100, 1_000_000_000, "requests", 5_000_000, "What all sessions of one address together may ask for at once. A new connection counts as 100 requests.");

    public static readonly ConfigurationOption<TimeSpan> MaxSlowed = Time(
        "max_slowed", TimeSpan.FromSeconds(10), TimeSpan.FromDays(1), TimeSpan.FromMinutes(10),
        "A session that is slowed for so long without a break is closed with the error 'excessive resource usage'.");

    public static readonly ConfigurationOption<long> MaxLargeReads = Number(
        "max_large_reads", 0, 1_000, "reads", 0, "Histories of more than 1000 entries that are read at the same time; others wait for their turn. 0: half of the processors, at least one.");

    public static readonly ConfigurationOption<long> MaxRequest = Number(
        "max_request_kb", 10, 100_000, "kB", 1_000, "The longest request, a batch being one.");

    public static readonly ConfigurationOption<long> MaxReply = Number(
        "max_reply_kb", 350, 100_000, "kB", 8_100, "The longest reply. Wallets that are known to drop longer messages are held to their own limit: Electrum before 4.6 takes 1000 kB.");

    public static readonly ConfigurationOption<long> MaxHistory = Number(
        "max_history", 100, 10_000_000, "entries", 80_000, "The longest history that is served; a longer one is answered with the error 'history too large', never with a part.");

    public static readonly ConfigurationOption<long> MaxBatch = Number(
        "max_batch", 1, 100_000, "requests", 1_000, "Requests in one batch.");

    public static readonly ConfigurationOption<long> MaxSubscriptions = Number(
        "max_subscriptions", 100, 10_000_000, "subscriptions", 50_000, "Addresses and scripts that one session may watch.");

    public static readonly ConfigurationOption<long> MaxSubscriptionsPerAddress = Number(
        "max_subscriptions_per_address", 100, 100_000_000, "subscriptions", 200_000, "Addresses and scripts that all sessions of one address may watch together.");

    public static readonly ConfigurationOption<long> MaxSubscriptionsInAll = Number(
        "max_subscriptions_in_all", 100, 1_000_000_000, "subscriptions", 1_000_000, "Addresses and scripts that are watched by all clients together. Each needs about 600 bytes.");

    public static readonly ConfigurationOption<long> MaxOutstanding = Number(
        "max_outstanding", 1, 10_000, "requests", 32, "Requests of one session that may wait for the daemon; with so many under way no more are read from it.");

    public static readonly ConfigurationOption<long> MaxPending = Number(
        "max_pending_kb", 1_000, 1_000_000, "kB", 16_000, "Replies that may wait for a slow client; with more than that it is disconnected.");

    public static readonly ConfigurationOption<long> MaxPendingInAll = Number(
        "max_pending_in_all_mb", 16, 1_000_000, "MB", 512, "Replies that may wait for all clients together. Beyond that each client for which more than 256 kB wait is disconnected.");

    public static readonly ConfigurationOption<TimeSpan> SlowReader = Time(
        "slow_reader_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60), "A client has to take 64 kB of its replies in this time, or all that there is; else it is disconnected.");

    public static readonly ConfigurationOption<TimeSpan> Idle = Time(
        "idle_timeout", TimeSpan.FromSeconds(30), TimeSpan.FromDays(1), TimeSpan.FromSeconds(600), "A client without a request for so long is disconnected. Wallets send one every 60 to 300 s.");

    public static readonly ConfigurationOption<TimeSpan> PollingExpiry = Time(
        "polling_expiry", TimeSpan.FromSeconds(20), TimeSpan.FromDays(1), TimeSpan.FromSeconds(60), "The same for HTTP polling, where wallets come back within 15 s.");

    public static readonly ConfigurationOption<TimeSpan> Handshake = Time(
        "handshake_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), "Time for the TLS handshake of a new connection, and for the PROXY header of a trusted proxy.");

    public static readonly ConfigurationOption<TimeSpan> FirstRequest = Time(
        "first_request_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), "A connection without one complete request after so long is closed. Wallets send the first at once.");

    public static readonly ConfigurationOption<TimeSpan> Request = Time(
        "request_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60), "How long a request may take from its first byte to its last.");

    public static readonly ConfigurationOption<TimeSpan> Daemon = Time(
        "daemon_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(25), "How long the daemon may take for a request of a client before the client gets an error.");

    public static readonly IReadOnlyList<ConfigurationOption> All =
    [
        DryRun, Exempt, Unlimited,
        MaxSessions, MaxSessionsPerAddress, MaxSessionsPerSubnet, MaxPollingSessions, IPv4SubnetBits, IPv6SubnetBits,
        RequestsPerSecond, RequestBurst, AddressRequestsPerSecond, AddressRequestBurst, MaxSlowed, MaxLargeReads,
        MaxSubscriptions, MaxSubscriptionsPerAddress, MaxSubscriptionsInAll,
        MaxRequest, MaxReply, MaxHistory, MaxBatch, MaxOutstanding, MaxPending, MaxPendingInAll,
        SlowReader, Idle, PollingExpiry, Handshake, FirstRequest, Request, Daemon,
    ];

    private static ConfigurationOption<long> Number(string key, long min, long max, string unit, long defaultValue, string description) =>
        new(Name, key, new NumberKind(min, max, unit), defaultValue, description);

    private static ConfigurationOption<TimeSpan> Time(string key, TimeSpan min, TimeSpan max, TimeSpan defaultValue, string description) =>
        new(Name, key, new DurationKind(min, max), defaultValue, description);
}
