// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Hosting;

NativeHeap.Tune();
return await RootCommands.RunAsync(args, Console.Out, Console.Error);
