// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Runtime.InteropServices;
using ElectrumPot.Server.Hosting;

namespace ElectrumPot.Server.CommandLine;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand("version", "Print the versions of the server, RocksDB, .NET and the system.", "electrum-pot-server version");
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"Electrum-POT server {ServerVersion.Text}");
            output.WriteLine($"RocksDB {ServerVersion.RocksDb}");
            output.WriteLine(RuntimeInformation.FrameworkDescription);
            output.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");
        });
        return command;
    }
}
