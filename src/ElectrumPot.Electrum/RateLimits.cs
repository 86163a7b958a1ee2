// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum;

/// <summary>
/// How fast requests are answered, in requests: a cheap one counts 1, a costly method more, and each 10 kB sent or
/// received and each 10 history entries read count as one more. One takes about 20 µs of a processor.
/// </summary>
/// <remarks>
/// Who has used the burst up is slowed to the rate. Whoever is still in a hurry then, or owes another burst, is answered
/// with an error and sent away.
/// </remarks>
public sealed record RateLimits
{
    /// <summary>Sustained rate of one session; 0 for no limit.</summary>
    public long RequestsPerSecond { get; init; } = 2_000;

    /// <summary>What a session may ask for at once: a wallet of 5,000 scripts synchronises with at most 580,000.</summary>
    public long RequestBurst { get; init; } = 1_000_000;

    /// <summary>Sustained rate of all sessions of one address together; 0 for no limit.</summary>
    public long AddressRequestsPerSecond { get; init; } = 10_000;

    public long AddressRequestBurst { get; init; } = 5_000_000;

    /// <summary>For how long a session may be slowed without a break.</summary>
    public TimeSpan MaxSlowed { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Large histories that are read at the same time; others wait. 0: half of the processors, at least one.</summary>
    public int MaxLargeReads { get; init; }
}
