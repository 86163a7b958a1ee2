// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// Turns SIGTERM, SIGINT, SIGQUIT and SIGHUP into one clean stop, as in 2014. Further signals change nothing: the
/// database is closed first, however impatient somebody is.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private string? _reason;

    public StopSignals()
    {
        foreach (PosixSignal signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Why the server stops; null while it runs.</summary>
    public string? Reason => _reason;

    public void Request(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        Request($"signal {context.Signal}");
    }
}
