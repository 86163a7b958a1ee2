// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.CommandLine;

/// <summary>Turns what went wrong into an exit code and a sentence.</summary>
internal static class Failures
{
    public static CommandFailure Translate(Exception failure) => failure switch
    {
        CommandFailure known => known,
        ConfigurationException => new CommandFailure(ExitCode.Configuration, failure.Message, failure),
        CertificateException => new CommandFailure(ExitCode.CannotStart, failure.Message, failure),
        _ => new CommandFailure(ExitCode.Unexpected, $"unexpected {failure.GetType().Name}: {failure.Message}", failure),
    };
}
