// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Everything that goes to one wallet, in the order in which it was appended. Replies and notifications come from
/// several threads; whoever flushes first flushes for all.
/// </summary>
/// <remarks>
/// Bytes go straight into the pipe. Only while a flush waits for a slow wallet, when the pipe must not be touched, do
/// they wait in a buffer of bounded size. The transport gets them piece by piece: whoever takes one piece makes progress,
/// however much there is still to come, and whoever takes a byte now and then does not.
/// </remarks>
/// <param name="keptInAll">Bytes that wait in all sessions.</param>
internal sealed class SessionOutput(PipeWriter pipe, int maxPendingBytes, SharedTotal keptInAll, TimeProvider time)
{
    /// <summary>What may wait for a wallet even when too much waits in all.</summary>
    public const int FreeBytes = 256_000;

    /// <summary>What is handed to the transport at once.</summary>
    private const int PieceBytes = 64 * 1024;

    private ReplyWriter? _pending;
    private ReplyWriter? _sending;
    private int _sent;
    private int _inPipe;
    private TaskCompletionSource? _idle;
    private bool _flushing;
    private long _flushStarted;

    /// <summary>
    /// Guards the order of output and what depends on it: which status or tip was announced last. Never held across
    /// waiting or a query.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes appended since the last flush began.</summary>
    public int Unflushed { get; private set; }

    /// <summary>Nothing is sent any more: the wallet is gone, or did not read what it was sent.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Set when more waited than is allowed.</summary>
    public bool Overflowed => Exceeded is not null;

    /// <summary>Which limit it was that more waited than it allows.</summary>
    public Limit? Exceeded { get; private set; }

    /// <summary>Memory that waiting bytes take, without what the pipe has.</summary>
    public int Kept
    {
        get
        {
            lock (Gate)
                return KeptBytes;
        }
    }

    /// <param name="lines">Complete, each with its LF.</param>
    public void Append(ReadOnlySpan<byte> lines)
    {
        lock (Gate)
        {
            if (IsClosed) return;
            Unflushed += lines.Length;
            if (!_flushing && _pending is null)
            {
                int direct = Math.Min(lines.Length, PieceBytes - _inPipe);
                pipe.Write(lines[..direct]);
                _inPipe += direct;
                lines = lines[direct..];
            }

            if (!lines.IsEmpty) Keep(lines);
        }
    }

    /// <summary>Sends what was appended. Completes when the transport has taken it: that is what slows a fast asker down.</summary>
    public ValueTask FlushAsync()
    {
        lock (Gate)
        {
            if (_flushing)
            {
                _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask(_idle.Task);
            }

            if (IsClosed || Unflushed == 0) return ValueTask.CompletedTask;
            BeginFlush();
        }

        return FlushUntilEmptyAsync();
    }

    /// <summary>For how long the flush under way has waited; zero when none is.</summary>
    public TimeSpan StalledFor
    {
        get
        {
            lock (Gate)
                return _flushing ? time.GetElapsedTime(_flushStarted) : TimeSpan.Zero;
        }
    }

    /// <summary>Drops what waits, because it was too much.</summary>
    public void Overflow(Limit limit)
    {
        lock (Gate)
        {
            if (IsClosed) return;
            Exceeded = limit;
            Close();
        }
    }

    /// <summary>Appends nothing any more; what waits is dropped.</summary>
    public void Close()
    {
        lock (Gate)
        {
            IsClosed = true;
            keptInAll.GiveBack(KeptBytes);
            _pending?.Dispose();
            _pending = null;
            _sending?.Dispose();
            _sending = null;
        }
    }

    private int KeptBytes => (_pending?.Length ?? 0) + (_sending?.Length ?? 0);

    private void Keep(ReadOnlySpan<byte> lines)
    {
        // A message that has nothing before it is bounded by the longest reply.
        int waiting = (_pending?.Length ?? 0) + (_sending is null ? 0 : _sending.Length - _sent);
        if (waiting > 0 && lines.Length > maxPendingBytes - waiting)
        {
            Overflow(Limit.MaxPending);
            return;
        }

        if (!keptInAll.TryTake(lines.Length))
        {
            if (KeptBytes + (long)lines.Length > FreeBytes)
            {
                Overflow(Limit.MaxPendingInAll);
                return;
            }

            keptInAll.Take(lines.Length);
        }

        _pending ??= ReplyWriter.Rent(int.MaxValue);
        _pending.Raw(lines);
    }

    private async ValueTask FlushUntilEmptyAsync()
    {
        bool more = true;
        while (more)
        {
            try
            {
                FlushResult result = await pipe.FlushAsync();
                if (result.IsCompleted || result.IsCanceled) Close();
            }
            catch (Exception)
            {
                // The wallet is gone, however that shows on this transport; the reading side ends the session and says so.
                Close();
            }

            more = EndFlush();
        }
    }

    private void BeginFlush()
    {
        _flushing = true;
        Unflushed = 0;
        _inPipe = 0;
        _flushStarted = time.GetTimestamp();
    }

    /// <returns>Whether more was appended meanwhile, so that the next flush has begun.</returns>
    private bool EndFlush()
    {
        TaskCompletionSource? idle;
        lock (Gate)
        {
            if (!IsClosed && TryWriteNextPiece())
            {
                BeginFlush();
                return true;
            }

            _flushing = false;
            idle = _idle;
            _idle = null;
        }

        idle?.SetResult();
        return false;
    }

    private bool TryWriteNextPiece()
    {
        if (_sending is null)
        {
            (_sending, _pending) = (_pending, null);
            _sent = 0;
        }

        if (_sending is null) return false;
        ReadOnlySpan<byte> piece = _sending.Written[_sent..];
        if (piece.Length > PieceBytes) piece = piece[..PieceBytes];
        pipe.Write(piece);
        _sent += piece.Length;
        if (_sent < _sending.Length) return true;
        keptInAll.GiveBack(_sending.Length);
        _sending.Dispose();
        _sending = null;
        return true;
    }
}
