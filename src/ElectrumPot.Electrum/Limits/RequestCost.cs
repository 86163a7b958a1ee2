// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>
/// What requests cost, in points: fine enough that a short reply counts for what it is. 10,000 points are what an
/// operator knows as one request.
/// </summary>
internal static class RequestCost
{
    public const long PointsPerRequest = 10_000;

    /// <summary>Each 10 kB are one request.</summary>
    public const long PointsPerByte = 1;

    /// <summary>Each 10 entries are one request: a lookup in the store for each.</summary>
    public const long PointsPerEntry = 1_000;

    /// <summary>Two messages, a handshake: a client that comes and goes pays more than one that stays.</summary>
    public const long PointsPerConnection = 100 * PointsPerRequest;
}
