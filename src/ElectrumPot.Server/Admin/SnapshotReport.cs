// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Admin;

/// <summary>What the server does about a snapshot; <c>GET /snapshot</c>.</summary>
/// <param name="State">One of idle, preparing, checking, writing.</param>
/// <param name="Done">Bytes of this state.</param>
/// <param name="Total">Bytes of this state; 0 while unknown.</param>
/// <param name="Failure">Why the last one was broken off; null if it was not.</param>
internal sealed record SnapshotReport(string State, long Done, long Total, string? Failure)
{
    public static SnapshotReport Idle { get; } = new("idle", 0, 0, Failure: null);
}
