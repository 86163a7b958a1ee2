// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.Benchmarks.BlockServing;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>
/// How long after the node has a transaction or a block a wallet hears of it: a server of its own, with the polling of the
/// default configuration, on a simulated node.
/// </summary>
internal sealed class NotifyScenario : IScenario
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "notify";

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        using ServingProcess node = await ServingProcess.StartNodeAsync(cancellation);
        var target = new ImportTarget(
            "simulated node",
            string.Create(CultureInfo.InvariantCulture, $"[server]\ncoin = potcoin\n[rocksdb]\n[potcoind]\nhost = 127.0.0.1\nport = {node.Port}\nuser = {NodeHost.User}\npassword = {NodeHost.Password}\n"),
            DataFolder: null,
            node.Id,
            Transactions: null);
        await using ServingBed bed = await ServingBed.StartBareAsync(context.Options, target, CoinRegistry.BuiltIn.Get("potcoin"), NodeHost.Height, cancellation);
        return await MeasureAsync(node, bed, context, cancellation);
    }

    private static async Task<ScenarioRun> MeasureAsync(ServingProcess node, ServingBed bed, ScenarioContext context, CancellationToken cancellation)
    {
        // A script for each transaction: its first notification is that of the mempool.
        byte[][] scripts = [.. Enumerable.Range(0, context.Options.Notifications).Select(ScriptOf)];
        var subscriptions = new RequestList();
        foreach (byte[] script in scripts)
            subscriptions.Add(new Expectation(RequestKind.Subscribe, ScriptHash.Of(script)));
        subscriptions.Add(new Expectation(RequestKind.HeadersSubscribe));
        await using Stream stream = await bed.Server.Dialer.OpenAsync(tls: true, cancellation);
        string? failure = await new Conversation(stream, 1).AskAllAsync(subscriptions, static (_, _) => { }, cancellation);
        await Task.Yield();

        var transactions = new LatencyHistogram();
        var blocks = new LatencyHistogram();
        var random = new DeterministicRandom(context.Seed);
        var input = new LineInput();
        TimeSpan nodeBefore = ProcessFigures.Read(node.Id)?.Cpu ?? default;
        TimeSpan serverBefore = bed.Server.Figures.Cpu;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < scripts.Length && failure is null; i++)
        {
            // At any moment between two polls.
            await Task.Delay(random.Between(300, 1_800), cancellation);
            failure = await WaitAsync($"pay {Convert.ToHexString(scripts[i])}", ScriptHash.Of(scripts[i]).ToString(), transactions);
            if (failure is not null || i % 2 == 0) continue;
            await Task.Delay(random.Between(300, 1_800), cancellation);
            failure = await WaitAsync("mine", "blockchain.headers.subscribe", blocks);
        }

        double seconds = clock.Elapsed.TotalSeconds;
        return ScenarioRun.Of(
            failure,
            new Figure("transaction to notification p50 s", transactions.Percentile(0.5).TotalSeconds, "0.000"),
            new Figure("transaction to notification max s", transactions.Max.TotalSeconds, "0.000"),
            new Figure("block to header p50 s", blocks.Percentile(0.5).TotalSeconds, "0.000"),
            new Figure("block to header max s", blocks.Max.TotalSeconds, "0.000"),
            new Figure("server CPU ms a second", (bed.Server.Figures.Cpu - serverBefore).TotalMilliseconds / seconds, "0.0"),
            new Figure("node CPU ms a second", ((ProcessFigures.Read(node.Id)?.Cpu ?? default) - nodeBefore).TotalMilliseconds / seconds, "0.0"));

        async Task<string?> WaitAsync(string order, string sign, LatencyHistogram times)
        {
            long done = await node.DoAsync(order, cancellation);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            try
            {
                while (true)
                {
                    // A block also brings new statuses of what it confirms.
                    while (TryTake(input, sign, out bool isIt))
                    {
                        if (!isIt) continue;
                        times.Record((long)Stopwatch.GetElapsedTime(done).TotalNanoseconds);
                        return null;
                    }

                    int received = await stream.ReadAsync(input.Free(), patience.Token);
                    if (received == 0) return "the server closed the connection";
                    input.Added(received);
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return $"'{sign}' did not come within {Patience.TotalSeconds:0} s";
            }
        }
    }

    private static byte[] ScriptOf(int number)
    {
        byte[] hash160 = new byte[20];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(hash160, number);
        return ScriptBuilder.PayToPublicKeyHash(hash160);
    }

    /// <param name="sign">What stands in the line that is waited for.</param>
    private static bool TryTake(LineInput input, string sign, out bool isIt)
    {
        bool isThere = input.TryTake(out ReadOnlySpan<byte> line);
        isIt = isThere && line.IndexOf(System.Text.Encoding.ASCII.GetBytes(sign)) >= 0;
        return isThere;
    }
}
