// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>Bytes as digits: 2,016 headers at once, and a hash in display order.</summary>
public class HexBenchmarks
{
    private readonly byte[] _headers = new byte[2_016 * BlockHeader.Size];
    private readonly byte[] _digits = new byte[2_016 * BlockHeader.Size * 2];
    private readonly Hash256 _hash = new([.. Enumerable.Range(1, Hash256.Size).Select(i => (byte)i)]);

    [GlobalSetup]
    public void Prepare() => new Random(1).NextBytes(_headers);

    [Benchmark]
    public void Headers() => Hex.Encode(_headers, _digits);

    [Benchmark]
    public void Hash() => _hash.FormatHex(_digits);

    [Benchmark]
    public bool ParseHash() => Hash256.TryParse("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"u8, out _);
}
