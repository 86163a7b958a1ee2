// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.EndToEnd.Limits;

/// <summary>One well-behaved session on a thread of its own that notes how long each answer takes.</summary>
internal sealed class LatencyProbe : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[64 * 1024];

    public LatencyProbe(int port, string scriptHash)
    {
        _request = Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"blockchain.scripthash.get_history","params":["{{scriptHash}}"]}""" + "\n");
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
    }

    /// <summary>Asks one question after the other for a while.</summary>
    /// <returns>The time below which 99 of 100 answers came.</returns>
    public Task<TimeSpan> MeasureAsync(TimeSpan duration)
    {
        var result = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                result.SetResult(Measure(duration));
            }
            catch (Exception failure)
            {
                result.SetException(failure);
            }
        }).Start();
        return result.Task;
    }

    public void Dispose() => _socket.Dispose();

    private TimeSpan Measure(TimeSpan duration)
    {
        var times = new List<TimeSpan>();
        var whole = Stopwatch.StartNew();
        while (whole.Elapsed < duration)
        {
            long start = Stopwatch.GetTimestamp();
            _socket.Send(_request);
            int end;
            do
            {
                int count = _socket.Receive(_buffer);
                if (count == 0) throw new EndOfStreamException("The measured session was closed.");
                end = count;
            }
            while (_buffer[end - 1] != (byte)'\n');
            times.Add(Stopwatch.GetElapsedTime(start));
            // The pace of a wallet that is no load itself; nothing is waited for.
            Thread.Sleep(1);
        }

        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }
}
