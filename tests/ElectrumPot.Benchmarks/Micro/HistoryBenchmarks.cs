// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>Writing a history as a reply, and hashing it to a status.</summary>
public class HistoryBenchmarks
{
    private HistoryEntry[] _history = [];

    [Params(5, 1_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Prepare() =>
        _history = [.. Enumerable.Range(0, Entries).Select(i => new HistoryEntry(Sha256d.Hash(BitConverter.GetBytes(i)), 100_000 + i))];

    /// <summary>The writer's part of a history's reply.</summary>
    [Benchmark]
    public int WriteHistory()
    {
        using ReplyWriter reply = ReplyWriter.Rent(int.MaxValue);
        reply.BeginResult("12345"u8);
        reply.Raw((byte)'[');
        for (int i = 0; i < _history.Length; i++)
        {
            reply.Raw(i == 0 ? "{\"tx_hash\":"u8 : ",{\"tx_hash\":"u8);
            reply.Hash(_history[i].Txid);
            reply.Raw(",\"height\":"u8);
            reply.Integer(_history[i].Height);
            reply.Raw((byte)'}');
        }

        reply.Raw((byte)']');
        reply.End();
        return reply.Length;
    }

    [Benchmark]
    public Hash256? Status() => StatusHash.Compute(_history);
}
