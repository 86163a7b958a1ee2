// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Transport;
using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Index.Verification;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Turns what went wrong into an exit code and a sentence.</summary>
internal static class Failures
{
    public static CommandFailure Translate(Exception failure) => failure switch
    {
        CommandFailure known => known,
        ConfigurationException or IndexMismatchException or RewindException => new CommandFailure(ExitCode.Configuration, failure.Message, failure),
        CertificateException or ListenException or DaemonUnavailableException or IndexBusyException or IndexMissingException or SnapshotRefusedException =>
            new CommandFailure(ExitCode.CannotStart, failure.Message, failure),
        IndexException => new CommandFailure(ExitCode.Storage, failure.Message, failure),
        _ when FindMissingLibrary(failure) is { } library => new CommandFailure(
            ExitCode.CannotStart, $"the library of RocksDB cannot be loaded ({library.Message}); install it: apt-get install librocksdb7.8, or run scripts/setup", failure),
        _ => new CommandFailure(ExitCode.Unexpected, $"unexpected {Describe(failure.GetBaseException())}", failure),
    };

    private static string Describe(Exception cause) => $"{cause.GetType().Name}: {cause.Message}";

    private static DllNotFoundException? FindMissingLibrary(Exception? failure)
    {
        while (failure is not null and not DllNotFoundException) failure = failure.InnerException;
        return (DllNotFoundException?)failure;
    }
}
