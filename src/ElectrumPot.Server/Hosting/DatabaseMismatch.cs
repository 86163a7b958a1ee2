// SPDX-License-Identifier: MIT

using ElectrumPot.Index;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;

namespace ElectrumPot.Server.Hosting;

/// <summary>Configuration and database contradict each other: says so with the file, the values and the command that helps.</summary>
internal static class DatabaseMismatch
{
    public static string Describe(ServerConfiguration configuration, IndexMismatchException mismatch)
    {
        string file = Path.GetFullPath(configuration.File);
        string command = mismatch.Folder is { } folder ? $": rm -r {Quote(folder)} && electrum-pot-server run --config {Quote(file)}" : "";
        return $"{file}: {mismatch.Message}{command}";
    }

    /// <summary>Runs something that opens the database.</summary>
    public static T Explain<T>(ServerConfiguration configuration, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (IndexMismatchException mismatch)
        {
            throw new CommandFailure(ExitCode.Configuration, Describe(configuration, mismatch), mismatch);
        }
    }

    /// <summary>For a shell.</summary>
    private static string Quote(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
