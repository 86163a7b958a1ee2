// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[limits]</c>: what one client may ask for.</summary>
internal static class LimitsSection
{
    public const string Name = "limits";

    public static readonly ConfigurationOption<long> MaxRequest = Number(
        "max_request_kb", 10, 100_000, "kB", 1_000, "The longest request, a batch being one.");

    public static readonly ConfigurationOption<long> MaxReply = Number(
        "max_reply_kb", 350, 100_000, "kB", 8_100, "The longest reply. Wallets that are known to drop longer messages are held to their own limit: Electrum before 4.6 takes 1000 kB.");

    public static readonly ConfigurationOption<long> MaxHistory = Number(
        "max_history", 100, 10_000_000, "entries", 80_000, "The longest history that is served; a longer one is answered with the error 'history too large', never with a part.");

    public static readonly ConfigurationOption<long> MaxBatch = Number(
        "max_batch", 1, 100_000, "requests", 1_000, "Requests in one batch.");

    public static readonly ConfigurationOption<long> MaxSubscriptions = Number(
        "max_subscriptions", 100, 10_000_000, "subscriptions", 50_000, "Addresses and scripts that one connection may watch.");

    public static readonly ConfigurationOption<long> MaxOutstanding = Number(
        "max_outstanding", 1, 10_000, "requests", 32, "Requests of one connection that may wait for the daemon; with so many under way no more are read from it.");

    public static readonly ConfigurationOption<long> MaxPending = Number(
        "max_pending_kb", 1_000, 1_000_000, "kB", 16_000, "Replies that may wait for a slow client; with more than that it is disconnected.");

    public static readonly ConfigurationOption<TimeSpan> SlowReader = Time(
        "slow_reader_timeout", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), TimeSpan.FromSeconds(60), "A client that takes nothing of its replies for so long is disconnected.");

    public static readonly ConfigurationOption<TimeSpan> Idle = Time(
        "idle_timeout", TimeSpan.FromSeconds(30), TimeSpan.FromDays(1), TimeSpan.FromSeconds(600), "A client without a request for so long is disconnected. Wallets send one every 60 to 300 s.");

    public static readonly ConfigurationOption<TimeSpan> Handshake = Time(
        "handshake_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), "Time for the TLS handshake of a new connection.");

    public static readonly ConfigurationOption<TimeSpan> Daemon = Time(
        "daemon_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(25), "How long the daemon may take for a request of a client before the client gets an error.");

    public static readonly IReadOnlyList<ConfigurationOption> All =
        [MaxRequest, MaxReply, MaxHistory, MaxBatch, MaxSubscriptions, MaxOutstanding, MaxPending, SlowReader, Idle, Handshake, Daemon];

    private static ConfigurationOption<long> Number(string key, long min, long max, string unit, long defaultValue, string description) =>
        new(Name, key, new NumberKind(min, max, unit), defaultValue, description);

    private static ConfigurationOption<TimeSpan> Time(string key, TimeSpan min, TimeSpan max, TimeSpan defaultValue, string description) =>
        new(Name, key, new DurationKind(min, max), defaultValue, description);
}
