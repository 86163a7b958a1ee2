// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.Benchmarks.Importing;
using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>A large wallet that begins with nothing, over TLS: all subscriptions, all histories, and every transaction with its proof.</summary>
internal sealed class WalletScenario : IScenario
{
    private const int Depth = 100;
    private const int CheckEvery = 100;
    private const int MaxEntries = 1_000;

    public string Name => "wallet";

    public bool NeedsWarmServer => true;

    public async Task<ScenarioRun> RunAsync(ScenarioContext context, CancellationToken cancellation)
    {
        ServingBed bed = context.Bed;
        ScriptFact[] scripts = Pick(bed.Facts.ScriptsWith(1, MaxEntries), context.Options.WalletScripts, new DeterministicRandom(context.Seed));
        RequestList subscriptions = ListOf(RequestKind.Subscribe, scripts);
        RequestList histories = ListOf(RequestKind.GetHistory, scripts);
        var check = new ReplyCheck(bed.Facts, bed.IsPruned, bed.HasGrown);
        var heights = new Dictionary<Hash256, int>();
        string? wrong = null;
        await using Stream stream = await bed.Server.Dialer.OpenAsync(tls: true, cancellation);
        await Task.Yield();

        ProcessFigures before = bed.Server.Figures;
        var clock = Stopwatch.StartNew();
        var wallet = new Conversation(stream, Depth);
        string? failure = await wallet.AskAllAsync(subscriptions, (request, reply) => Examine(subscriptions, request, reply), cancellation);
        failure ??= await wallet.AskAllAsync(histories, (request, reply) =>
        {
            Examine(histories, request, reply);
            ReadHistory(reply.Result, bed.Facts.Height, heights);
        }, cancellation);
        RequestList transactions = ListOf(heights);
        failure ??= await wallet.AskAllAsync(transactions, (request, reply) => Examine(transactions, request, reply), cancellation);
        double seconds = clock.Elapsed.TotalSeconds;
        ProcessFigures after = bed.Server.Figures;
        return ScenarioRun.Of(
            failure ?? wrong,
            new Figure("scripts", scripts.Length, "N0"),
            new Figure("transactions with proofs", heights.Count, "N0"),
            new Figure("seconds in all", seconds, "0.00"),
            new Figure("server CPU s", (after.Cpu - before.Cpu).TotalSeconds, "0.00"));

        void Examine(RequestList list, int request, ReplyLine reply)
        {
            // A proof's position in its block is not known beforehand, and the check asks for it: the chain has it.
            if (request % CheckEvery != 0) return;
            Expectation asked = list.Expected(request);
            if (asked.Kind == RequestKind.GetMerkle) asked = asked with { Number = PositionOf(asked, bed.Facts) };
            wrong ??= check.Examine(asked, reply.Result.ToArray());
        }
    }

    private static int PositionOf(Expectation asked, ChainFacts facts)
    {
        foreach (TransactionFact transaction in facts.InBlock(asked.Height))
        {
            if (transaction.Txid == asked.Subject) return transaction.Position;
        }

        return -1;
    }

    private static ScriptFact[] Pick(ArraySegment<ScriptFact> scripts, int count, DeterministicRandom random)
    {
        var picked = new HashSet<ScriptFact>();
        while (picked.Count < Math.Min(count, scripts.Count))
            picked.Add(scripts[random.Below(scripts.Count)]);
        return [.. picked];
    }

    private static RequestList ListOf(RequestKind kind, ScriptFact[] scripts)
    {
        var list = new RequestList();
        foreach (ScriptFact script in scripts)
            list.Add(new Expectation(kind, script.Hash));
        return list;
    }

    private static RequestList ListOf(Dictionary<Hash256, int> transactions)
    {
        var list = new RequestList();
        foreach ((Hash256 txid, int height) in transactions)
        {
            list.Add(new Expectation(RequestKind.Transaction, txid));
            list.Add(new Expectation(RequestKind.GetMerkle, txid, height));
        }

        return list;
    }

    /// <param name="tip">What another scenario has added since stands in no block file that the server knows of.</param>
    private static void ReadHistory(ReadOnlySpan<byte> history, int tip, Dictionary<Hash256, int> transactions)
    {
        var reader = new Utf8JsonReader(history);
        Hash256 txid = default;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && !Hash256.TryParse(reader.ValueSpan, out txid)) throw new InvalidDataException("a history without txids");
            if (reader.TokenType == JsonTokenType.Number && reader.GetInt32() is var height && height <= tip) transactions[txid] = height;
        }
    }
}
