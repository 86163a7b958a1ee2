// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.BlockServing;

/// <summary>A simulated node that pays and mines when it is told to.</summary>
internal static class NodeHost
{
    public const string User = "devnode";
    public const string Password = "a-password-for-the-devnode";

    /// <summary>Height at the beginning.</summary>
    public const int Height = 120;

    private const long Amount = 1_000_000;

    /// <summary>
    /// Says on standard output where it listens, and serves until standard input ends. A line <c>mine</c> makes a block, a line
    /// <c>pay SCRIPT</c> a transaction that pays to the script; each is answered with the time stamp of the moment after.
    /// </summary>
    public static async Task RunAsync(CancellationToken cancellation)
    {
        var options = new DevNodeOptions { User = User, Password = Password, BlockCount = Height };
        await using DevNode node = await DevNode.StartAsync(options, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listening {node.Port}"));
        while (await Console.In.ReadLineAsync(cancellation) is { } line)
        {
            string[] words = line.Split(' ');
            if (words[0] == "mine") node.MineBlock();
            else node.PayToScript(Convert.FromHexString(words[1]), Amount);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {Stopwatch.GetTimestamp()}"));
        }
    }
}
