// SPDX-License-Identifier: MIT

using System.CommandLine;
using ElectrumPot.Benchmarks.Serving;
using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Commands;

/// <summary><c>soak</c>: whether memory stays flat.</summary>
internal static class SoakCommand
{
    public static Command Make()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", HelpName = "N", DefaultValueFactory = _ => 60 };
        Option<int> blocks = CommonOptions.Number("--blocks", 20_000, "Length of the chain; the last blocks arrive meanwhile.");
        Option<string> shape = CommonOptions.Shape();
        Option<ulong> seed = CommonOptions.Seed();
        Option<string> cache = CommonOptions.Cache();
        Option<string> server = CommonOptions.Server();
        Option<int> connections = CommonOptions.Number("--connections", 20, "Connections of the load.");
        Option<int> depth = CommonOptions.Number("--depth", 10, "Requests under way on each of them.");
        Option<string[]> set = CommonOptions.Set();

        var command = new Command("soak", "Mixed load, connections that come and go, and new blocks: whether memory stays flat.") { minutes, blocks, shape, seed, cache, server, connections, depth, set };
        command.SetAction(async (parsed, cancellation) =>
        {
            LoadThread.Prepare();
            var options = new ServeOptions
            {
                Server = parsed.GetValue(server)!,
                Cache = Directory.CreateDirectory(parsed.GetValue(cache)!).FullName,
                Shape = CommonOptions.ShapeOf(parsed.GetValue(shape)!),
                Blocks = parsed.GetValue(blocks),
                Seed = parsed.GetValue(seed),
                Connections = parsed.GetValue(connections),
                Depth = parsed.GetValue(depth),
                Further = parsed.GetValue(set) ?? [],
            };
            (string table, bool isSound) = await new Soak(options, TimeSpan.FromMinutes(parsed.GetValue(minutes)), Console.Error).RunAsync(cancellation);
            await Console.Out.WriteAsync(table);
            return isSound ? 0 : 1;
        });
        return command;
    }
}
