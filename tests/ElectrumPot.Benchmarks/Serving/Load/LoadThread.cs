// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>
/// The load generator shares the processors with the server, so it runs on one thread: the one that waits for all sockets
/// also handles what they bring.
/// </summary>
internal static class LoadThread
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Before the first socket of this process; later it has no effect.</summary>
    public static void Prepare()
    {
        Environment.SetEnvironmentVariable(Inline, "1");
        Environment.SetEnvironmentVariable(Threads, "1");
    }

    /// <summary>What is measured runs as it does everywhere.</summary>
    public static void Hide(ProcessStartInfo start)
    {
        start.Environment.Remove(Inline);
        start.Environment.Remove(Threads);
    }
}
