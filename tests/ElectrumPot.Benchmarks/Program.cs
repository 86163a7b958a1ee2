// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Benchmarks.Commands;
using ElectrumPot.Chain.Text;
using ElectrumPot.Daemon;
using ElectrumPot.Server.Configuration;

var folder = new Argument<string>("folder") { Description = "Of a generated chain." };
var height = new Option<int?>("--height") { Description = "Of the last block that is shown at first.", HelpName = "N" };
var daemon = new Command("daemon", "Hand out a generated chain over JSON-RPC until standard input ends; used by the others.") { folder, height };
daemon.SetAction(parsed => RpcDaemon.Run(parsed.GetValue(folder)!, parsed.GetValue(height)));

var node = new Command("node", "Be a simulated node until standard input ends; used by the others.");
node.SetAction((_, cancellation) => NodeHost.RunAsync(cancellation));

var root = new RootCommand("Benchmarks of the Electrum-POT server.") { ImportCommand.Make(), ServeCommand.Make(), SoakCommand.Make(), MicroCommand.Make(), daemon, node };
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IOException or DaemonException or ConfigurationException or IniFormatException)
{
    await Console.Error.WriteLineAsync($"error: {failure.Message}");
    return 1;
}
