// SPDX-License-Identifier: MIT

using System.Diagnostics.Metrics;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>Figures of the calls to the daemon, on the meter <c>ElectrumPot.Daemon</c>.</summary>
internal static class DaemonMetrics
{
    private static readonly Meter Meter = new("ElectrumPot.Daemon");

    private static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>(
        "electrumpot.daemon.call.duration", "s", "Time of a batch from the moment it is sent to the end of its reply, by its first method.");

    private static readonly Counter<long> ReceivedBytes = Meter.CreateCounter<long>(
        "electrumpot.daemon.received", "By", "Bytes of replies.");

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "electrumpot.daemon.failures", "{call}", "Calls without an answer, by the state of the daemon they show.");

    public static void Received(string method, TimeSpan duration, int bytes)
    {
        CallDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("method", method));
        ReceivedBytes.Add(bytes);
    }

    public static void Failed(DaemonState state) => Failures.Add(1, new KeyValuePair<string, object?>("state", state));
}
