// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Index.Tables;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>Gathering 100,000 rows of a commit and bringing them into order.</summary>
public class RowBenchmarks
{
    private const int Rows = 100_000;
    private const int KeySize = 30;

    private readonly byte[] _keys = new byte[Rows * KeySize];
    private readonly RowBuffer _buffer = new();

    [GlobalSetup]
    public void Prepare() => new DeterministicRandom(1).Fill(_keys);

    [Benchmark]
    public int AddAndSort()
    {
        _buffer.Clear();
        for (int i = 0; i < Rows; i++)
            _buffer.Put(_keys.AsSpan(i * KeySize, KeySize), "12345678"u8);
        _buffer.Sort();
        return _buffer.Count;
    }
}
