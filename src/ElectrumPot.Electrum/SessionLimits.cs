// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum;

/// <summary>What one session may take. Sizes in bytes.</summary>
public sealed record SessionLimits
{
    /// <summary>Longest request, a batch being one; the same bound as ElectrumX (protocol, "Read side limits observed").</summary>
    public int MaxRequestBytes { get; init; } = 1_000_000;

    /// <summary>
    /// Longest reply, or batch of replies. Wallets that are known to drop longer messages are held to their own limit
    /// (Electrum before 4.6: 1,000,000). Never below 350,000, the size of a chunk of headers.
    /// </summary>
    public int MaxReplyBytes { get; init; } = 8_100_000;

    /// <summary>Entries of a history; a longer one is answered with an error, never with a part.</summary>
    public int MaxHistoryEntries { get; init; } = 80_000;

    /// <summary>Requests in one batch.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>A script counts as one more for each 256 bytes of its text.</summary>
    public int MaxSubscriptions { get; init; } = 50_000;

    /// <summary>Requests that wait for the daemon or a delay; with so many under way, no more are read.</summary>
    public int MaxOutstanding { get; init; } = 32;

    /// <summary>Bytes that wait for a wallet to read them; more than that and it is disconnected.</summary>
    public int MaxPendingOutputBytes { get; init; } = 16_000_000;

    /// <summary>In this time a wallet has to take 64 kB of what waits for it, or all of it; else it is disconnected.</summary>
    public TimeSpan SlowReader { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without a complete request for so long a connection is closed; wallets ping each 60 to 300 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>A connection without one complete request for so long is closed: wallets send <c>server.version</c> at once.</summary>
    public TimeSpan FirstRequest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request may take from its first to its last byte.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan TlsHandshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a WebSocket is pinged; proxies drop connections that are silent for a minute.</summary>
    public TimeSpan WebSocketPing { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the pong may take before the wallet is taken for gone.</summary>
    public TimeSpan WebSocketPong { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sessions of wallets that poll over HTTP, whether they come back or not.</summary>
    public int MaxPollingSessions { get; init; } = 1_000;

    /// <summary>Without an exchange for so long a polling session ends; wallets poll each 1 to 15 s.</summary>
    public TimeSpan PollingExpiry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For how long the answer to a POST waits for its replies; those of 2014 give up after 5 s.</summary>
    public TimeSpan PollingHold { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a daemon may take to answer for a wallet before the wallet gets an error.</summary>
    public TimeSpan Daemon { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>For how long a closing server waits for replies under way.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);
}
