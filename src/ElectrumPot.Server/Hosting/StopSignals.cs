// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// Turns SIGTERM, SIGINT, SIGQUIT and SIGHUP into one clean stop, as in 2014. Further signals change nothing: the
/// database is closed first, however impatient somebody is.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    /// <summary>SIGXFSZ: a file has reached the limit of <c>ulimit -f</c>.</summary>
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignals(StopRequest stop)
    {
        foreach (PosixSignal signal in Signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                stop.Make($"signal {context.Signal}");
            }));
        }

        // It would kill the process; ignored, the write fails with an error that is told and ends it in order.
        _registrations.Add(PosixSignalRegistration.Create(FileTooLarge, static context => context.Cancel = true));
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }
}
