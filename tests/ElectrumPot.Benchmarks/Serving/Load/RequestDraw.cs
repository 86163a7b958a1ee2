// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Facts;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Draws the requests of a run: scripts after Zipf's law, transactions and headers all alike.</summary>
internal static class RequestDraw
{
    private const double Exponent = 0.6;
    private const int HeadersAtOnce = 2_016;

    /// <param name="scripts">Which scripts are asked for, the most popular first.</param>
    public static RequestList Make(RequestMix mix, ChainFacts facts, ArraySegment<ScriptFact> scripts, int count, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        var popularity = new ZipfSampler(scripts.Count, Exponent);
        ScriptFact[] shuffled = Shuffle(scripts, random);
        var list = new RequestList();
        for (int i = 0; i < count; i++)
            list.Add(Draw(mix.Draw(random)));
        return list;

        Expectation Draw(RequestKind kind)
        {
            switch (kind)
            {
                case RequestKind.Subscribe or RequestKind.GetHistory or RequestKind.GetBalance or RequestKind.ListUnspent:
                    ScriptFact script = shuffled[popularity.Draw(random)];
                    return new Expectation(kind, script.Hash);
                case RequestKind.Transaction or RequestKind.GetMerkle:
                    TransactionFact transaction = facts.Transactions[random.Below(facts.Transactions.Length)];
                    return new Expectation(kind, transaction.Txid, transaction.Height, transaction.Position);
                case RequestKind.Header:
                    return new Expectation(kind, Height: random.Below(facts.Height + 1));
                case RequestKind.Headers:
                    return new Expectation(kind, Height: random.Below(Math.Max(1, facts.Height - HeadersAtOnce)), Number: HeadersAtOnce);
                default:
                    return new Expectation(kind, Height: facts.Height);
            }
        }
    }

    /// <summary>What is popular is not what is long.</summary>
    private static ScriptFact[] Shuffle(ArraySegment<ScriptFact> scripts, DeterministicRandom random)
    {
        ScriptFact[] shuffled = [.. scripts];
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
