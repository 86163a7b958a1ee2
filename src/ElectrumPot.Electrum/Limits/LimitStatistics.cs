// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>How often each limit was exceeded since the start, at one moment.</summary>
/// <param name="Counts">One for each limit.</param>
/// <param name="UnloggedLines">Lines of the log that were left out, so that nobody can fill the disk.</param>
/// <param name="Addresses">Clients' addresses that are remembered.</param>
public sealed record LimitStatistics(IReadOnlyList<LimitCount> Counts, long UnloggedLines, int Addresses);

/// <param name="Key">The limit's key in the configuration.</param>
/// <param name="Exceeded">How often.</param>
/// <param name="Enforced">How often with consequences; less in a dry run.</param>
public sealed record LimitCount(string Key, long Exceeded, long Enforced);
