// SPDX-License-Identifier: MIT

using System.Diagnostics;
using ElectrumPot.Benchmarks.ChainGeneration;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>
/// Requests that are due at random times (Poisson) whether the server keeps up or not. Latency counts from when a request was
/// due, so that one that had to wait for its turn is not taken for a fast one.
/// </summary>
internal sealed class OpenLoop(IReadOnlyList<Stream> connections, RequestList requests, double perSecond, LoadWindow window, ulong seed)
{
    /// <summary>Under way on one connection; a server that is farther behind has failed.</summary>
    private const int Slots = 4_096;

    private readonly Lane[] _lanes = [.. connections.Select(connection => new Lane(connection, requests, window))];

    public IEnumerable<LoadTally> Tallies => _lanes.Select(lane => lane.Tally);

    /// <summary>Runs until the window has closed and all replies are there.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Task[] readers = [.. _lanes.Select(lane => lane.ReadAsync(cancellation))];
        // A thread of its own: what else there is to do must not delay what is due.
        await Task.Factory.StartNew(() => Send(cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(readers);
    }

    private void Send(CancellationToken cancellation)
    {
        FineTimer.MakePrecise();
        var random = new DeterministicRandom(seed);
        double due = Stopwatch.GetTimestamp();
        int request = 0;
        while (!cancellation.IsCancellationRequested)
        {
            due += -Math.Log(1 - random.Unit()) / perSecond * Stopwatch.Frequency;
            if (due >= window.To) break;
            FineTimer.SleepUntil((long)due);
            _lanes[random.Below(_lanes.Length)].Ask(request, (long)due);
            request = request + 1 == requests.Count ? 0 : request + 1;
        }

        foreach (Lane lane in _lanes)
            lane.Finish();
    }

    private sealed class Lane(Stream stream, RequestList requests, LoadWindow window)
    {
        private readonly long[] _due = new long[Slots];
        private readonly int[] _request = new int[Slots];
        private readonly byte[] _output = new byte[RequestList.MaxLength];
        private readonly LineInput _input = new();
        private int _slot;
        private int _asked;
        private int _answered;
        private volatile bool _isFinished;

        public LoadTally Tally { get; } = new(window);

        public void Ask(int request, long due)
        {
            // What does not fit waits, and its latency grows.
            SpinWait.SpinUntil(() => _asked - Volatile.Read(ref _answered) < Slots);
            _due[_slot] = due;
            _request[_slot] = request;
            int length = requests.Write(request, RequestList.FirstId + _slot, _output);
            _slot = (_slot + 1) % Slots;
            Interlocked.Increment(ref _asked);
            try
            {
                stream.Write(_output.AsSpan(0, length));
            }
            catch (IOException)
            {
                // The reader finds out as well, and tells.
            }
        }

        /// <summary>One more request, with whose reply the reader ends.</summary>
        public void Finish()
        {
            _isFinished = true;
            Ask(0, Stopwatch.GetTimestamp());
        }

        public async Task ReadAsync(CancellationToken cancellation)
        {
            try
            {
                while (!_isFinished || Volatile.Read(ref _asked) != _answered)
                {
                    int received = await stream.ReadAsync(_input.Free(), cancellation);
                    if (received == 0) throw new IOException("the server closed the connection");
                    _input.Added(received);
                    long now = Stopwatch.GetTimestamp();
                    while (_input.TryTake(out ReadOnlySpan<byte> line))
                        Take(ReplyLine.Read(line), now);
                }
            }
            catch (Exception failure) when (failure is IOException or InvalidDataException)
            {
                Tally.CountError(failure.Message);
                Volatile.Write(ref _answered, int.MaxValue / 2);
            }
        }

        private void Take(ReplyLine reply, long now)
        {
            int slot = reply.Id - RequestList.FirstId;
            if ((uint)slot >= Slots)
            {
                if (!reply.IsNotification) Tally.CountError(System.Text.Encoding.UTF8.GetString(reply.Line[..Math.Min(reply.Line.Length, 300)]));
                return;
            }

            Tally.Count(reply, requests.Expected(_request[slot]), _due[slot], now);
            Volatile.Write(ref _answered, _answered + 1);
        }
    }
}
