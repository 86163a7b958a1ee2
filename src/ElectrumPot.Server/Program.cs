// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;

return await RootCommands.RunAsync(args, Console.Out, Console.Error);
