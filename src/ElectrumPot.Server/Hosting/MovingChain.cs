// SPDX-License-Identifier: MIT

using ElectrumPot.Simulation;

namespace ElectrumPot.Server.Hosting;

/// <summary>Gives the simulated chain a life: payments arrive all the time, a block at an interval.</summary>
internal static class MovingChain
{
    /// <summary>Rounds of payments between two blocks.</summary>
    private const int Rounds = 4;

    public static async Task RunAsync(DevNode node, TimeSpan blockInterval, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(blockInterval / Rounds, time);
        for (int round = 1; await timer.WaitForNextTickAsync(cancellationToken); round++)
        {
            node.AddRandomTransactions(1 + (round % 3));
            if (round % Rounds == 0) node.MineBlock();
        }
    }
}
