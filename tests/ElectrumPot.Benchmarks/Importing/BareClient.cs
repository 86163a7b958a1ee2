// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>
/// Asks for all blocks over as many sockets and in such batches as the server does during an import, and throws them away:
/// what it takes is the daemon's own time, and no import over RPC can take less.
/// </summary>
internal sealed class BareClient(DaemonEndpoint endpoint, int lastHeight)
{
    private const int Sockets = 2;
    private const int HashesPerBatch = 1_000;

    private readonly RpcBlockSourceOptions _options = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Queue<Hash256> _hashes = new();
    private int _nextHash;

    public async Task<ImportRun> RunAsync(int? daemonPid, CancellationToken cancellation)
    {
        TimeSpan before = CpuOf(daemonPid);
        var clock = Stopwatch.StartNew();
        var sizer = new BatchSizer(_options.TargetBatchBytes, _options.MaxBatchBlocks);
        await Task.WhenAll(Enumerable.Range(0, Sockets).Select(_ => TakeAsync(sizer, cancellation)));
        return new ImportRun(clock.Elapsed, TimeSpan.Zero, CpuOf(daemonPid) - before, 0, 0, 0);
    }

    private async Task TakeAsync(BatchSizer sizer, CancellationToken cancellation)
    {
        using BareConnection connection = await BareConnection.OpenAsync(endpoint, cancellation);
        while (true)
        {
            await _turn.WaitAsync(cancellation);
            RpcBatch batch;
            try
            {
                if (_hashes.Count < sizer.Blocks && _nextHash <= lastHeight) await AskHashesAsync(connection, cancellation);
                if (_hashes.Count == 0) return;
                int blocks = Math.Min(sizer.Blocks, _hashes.Count);
                batch = new RpcBatch(blocks);
                for (int i = 0; i < blocks; i++)
                    batch.Add("getblock", _hashes.Dequeue(), false);
            }
            finally
            {
                _turn.Release();
            }

            // Two hexadecimal digits a byte.
            long bytes = await connection.AskAsync(batch, keep: null, cancellation) / 2;
            await _turn.WaitAsync(cancellation);
            sizer.Observe(batch.Count, bytes);
            _turn.Release();
        }
    }

    private async Task AskHashesAsync(BareConnection connection, CancellationToken cancellation)
    {
        int count = Math.Min(HashesPerBatch, lastHeight - _nextHash + 1);
        var batch = new RpcBatch(count);
        for (int i = 0; i < count; i++)
            batch.Add("getblockhash", _nextHash + i);
        using var body = new MemoryStream();
        await connection.AskAsync(batch, body, cancellation);
        byte[] rented = System.Buffers.ArrayPool<byte>.Shared.Rent((int)body.Length);
        body.ToArray().CopyTo(rented, 0);
        using RpcReply reply = RpcReply.Parse(rented, (int)body.Length, batch.Methods);
        for (int i = 0; i < count; i++)
            _hashes.Enqueue(reply.Hash(i));
        _nextHash += count;
    }

    private static TimeSpan CpuOf(int? processId) => processId is { } id && ProcessFigures.Read(id) is { } figures ? figures.Cpu : TimeSpan.Zero;
}
