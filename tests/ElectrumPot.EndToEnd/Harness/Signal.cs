// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>The signals an operator or a service manager sends; .NET itself sends only SIGKILL.</summary>
internal static partial class Signal
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    public static void Interrupt(int processId) => Send(processId, Sigint);

    public static void Terminate(int processId) => Send(processId, Sigterm);

    /// <summary>Freezes a process: its sockets accept, nobody answers.</summary>
    public static void Stop(int processId) => Send(processId, Sigstop);

    public static void Continue(int processId) => Send(processId, Sigcont);

    private static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} to process {processId}: errno {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
