// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Framing;

namespace ElectrumPot.Electrum.Transport.Polling;

/// <summary>
/// A session of lines whose two pipes are filled and emptied by HTTP exchanges. Notifications and late replies wait in
/// the second until somebody asks.
/// </summary>
internal sealed class PollingSession(string id, ElectrumTransport transport, EndPoint? remote, SessionLimits limits, TimeProvider time)
{
    /// <summary>With so much waiting to be fetched, no more requests are handled and no answer is held any longer.</summary>
    private const int RepliesPauseBytes = 1 << 20;

    private readonly Pipe _requests = new(new PipeOptions(
        pauseWriterThreshold: limits.MaxRequestBytes, resumeWriterThreshold: limits.MaxRequestBytes / 2, useSynchronizationContext: false));

    private readonly Pipe _replies = new(new PipeOptions(
        pauseWriterThreshold: RepliesPauseBytes, resumeWriterThreshold: RepliesPauseBytes / 2, useSynchronizationContext: false));

    private readonly Lock _gate = new();
    private RequestHandler? _handler;
    private Task _queueing = Task.CompletedTask;
    private string? _endReason;
    private int _takers;
    private long _lastSeen = time.GetTimestamp();

    public string Id => id;

    public ElectrumTransport Transport => transport;

    public ClientConnection Client => field ??= new ClientConnection(transport, remote, End);

    /// <summary>What the sessions of one client are counted by.</summary>
    public NetworkKey Address => NetworkKey.OfAddress(Client.Address);

    public TimeSpan UnseenFor => time.GetElapsedTime(Volatile.Read(ref _lastSeen));

    /// <summary>Serves it until it is ended, by whomever.</summary>
    /// <param name="place">Given back at the end.</param>
    public async Task RunAsync(SessionManager sessions, AdmissionTicket place, CancellationToken shutdown)
    {
        using AdmissionTicket taken = place;
        await sessions.RunAsync(Client with { Admission = place }, _replies.Writer, ReceiveAsync, shutdown);
        End("ended");
        await _replies.Writer.CompleteAsync();
    }

    /// <summary>The wallet has shown that it is there.</summary>
    public void MarkSeen()
    {
        Volatile.Write(ref _lastSeen, time.GetTimestamp());
        _handler?.Session.MarkActive();
    }

    /// <param name="lines">Requests, each with an LF behind it.</param>
    /// <returns>False when too many wait already: the session is ended then.</returns>
    public bool TryQueue(ReadOnlySpan<byte> lines)
    {
        // Who only fetches is in nobody's way.
        if (lines.IsEmpty) return true;
        lock (_gate)
        {
            if (_endReason is not null) return true;
            if (_queueing.IsCompleted)
            {
                _requests.Writer.Write(lines);
                ValueTask<FlushResult> queueing = _requests.Writer.FlushAsync(CancellationToken.None);
                _queueing = queueing.IsCompletedSuccessfully ? Task.CompletedTask : queueing.AsTask();
                return true;
            }
        }

        End("too-many-requests");
        return false;
    }

    /// <summary>
    /// Takes every message that is there, after a short wait for replies that are under way. Nothing while another
    /// exchange does so already: that one brings it all.
    /// </summary>
    /// <param name="awaited">With so many replies there is nothing to wait for.</param>
    /// <returns>False when the session is over and nothing more will come.</returns>
    public async ValueTask<bool> TakeAsync(PollingReply reply, int awaited, CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _takers, 1, 0) != 0) return true;
        try
        {
            ReadResult result = await HoldAsync(awaited, cancellation);
            SequencePosition end = reply.Add(result.Buffer);
            bool isOver = result.IsCompleted && result.Buffer.Slice(result.Buffer.Start, end).IsEmpty;
            _replies.Reader.AdvanceTo(end);
            return !isOver;
        }
        finally
        {
            Volatile.Write(ref _takers, 0);
        }
    }

    /// <param name="reason">For the log.</param>
    public void End(string reason)
    {
        lock (_gate)
        {
            if (_endReason is not null) return;
            _endReason = reason;
            _handler?.Close(reason);
            _requests.Writer.Complete();
        }

        // The receiver may wait for somebody to fetch replies.
        _replies.Writer.CancelPendingFlush();
    }

    private Task ReceiveAsync(RequestHandler handler)
    {
        lock (_gate)
        {
            _handler = handler;
            if (_endReason is { } reason) handler.Close(reason);
        }

        return LineReceiver.ReceiveAsync(_requests.Reader, handler);
    }

    private ReadResult ReadNow()
    {
        // A read that nobody can make wait: it was cancelled before it began.
        _replies.Reader.CancelPendingRead();
        _replies.Reader.TryRead(out ReadResult result);
        return result;
    }

    private async ValueTask<ReadResult> HoldAsync(int awaited, CancellationToken cancellation)
    {
        bool isLate = awaited == 0;
        await using ITimer? timer = isLate
            ? null
            : time.CreateTimer(_ => LetGo(ref isLate), state: null, limits.PollingHold, Timeout.InfiniteTimeSpan);
        int lines = 0;
        long counted = 0;
        ReadResult result = ReadNow();
        while (true)
        {
            lines += CountLines(result.Buffer.Slice(counted));
            counted = result.Buffer.Length;
            // A cancellation may be left over from an earlier wait; so what counts is that the timer has fired.
            bool isDue = Volatile.Read(ref isLate) || lines >= awaited || counted >= RepliesPauseBytes;
            // The output comes in pieces that end anywhere. Where there is but the beginning of a message, the rest is on its way.
            if (result.IsCompleted || (isDue && (lines > 0 || counted == 0))) return result;
            _replies.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            // What is there stays there for the next exchange when this wallet goes.
            result = await _replies.Reader.ReadAsync(cancellation);
        }
    }

    private void LetGo(ref bool isLate)
    {
        Volatile.Write(ref isLate, true);
        _replies.Reader.CancelPendingRead();
    }

    private static int CountLines(ReadOnlySequence<byte> buffer)
    {
        int lines = 0;
        foreach (ReadOnlyMemory<byte> piece in buffer)
            lines += piece.Span.Count((byte)'\n');
        return lines;
    }
}
