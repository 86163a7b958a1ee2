// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Benchmarks.Micro;

/// <summary>The line of a wallet, read.</summary>
public class RequestBenchmarks
{
    private static ReadOnlySpan<byte> Line =>
        """{"jsonrpc":"2.0","id":12345,"method":"blockchain.scripthash.get_history","params":["8b01df4e368ea28f8dc0423bcf7a4923e3a12d307c875e47a0cfbf90b5c39161"]}"""u8;

    [Benchmark]
    public int ParseRequest()
    {
        Span<byte> scratch = stackalloc byte[RpcRequest.MaxMethodLength];
        return RpcRequest.Read(Line, scratch, out RpcRequest request) is null ? request.Params.Length : -1;
    }
}
