// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// Everything that goes to one wallet, in the order in which it was appended. Replies and notifications come from
/// several threads; whoever flushes first flushes for all.
/// </summary>
/// <remarks>
/// Bytes go straight into the pipe. Only while a flush waits for a slow wallet, when the pipe must not be touched, do
/// they wait in a buffer of bounded size.
/// </remarks>
internal sealed class SessionOutput(PipeWriter pipe, int maxPendingBytes, TimeProvider time)
{
    private ReplyWriter? _pending;
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
    public bool Overflowed { get; private set; }

    /// <param name="lines">Complete, each with its LF.</param>
    public void Append(ReadOnlySpan<byte> lines)
    {
        lock (Gate)
        {
            if (IsClosed) return;
            Unflushed += lines.Length;
            if (!_flushing)
            {
                pipe.Write(lines);
                return;
            }

            _pending ??= ReplyWriter.Rent(maxPendingBytes);
            _pending.Raw(lines);
            if (!_pending.Overflowed) return;
            Overflowed = true;
            Close();
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

    /// <summary>Appends nothing any more; what waits is dropped.</summary>
    public void Close()
    {
        lock (Gate)
        {
            IsClosed = true;
            _pending?.Dispose();
            _pending = null;
        }
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
        _flushStarted = time.GetTimestamp();
    }

    /// <returns>Whether more was appended meanwhile, so that the next flush has begun.</returns>
    private bool EndFlush()
    {
        TaskCompletionSource? idle;
        lock (Gate)
        {
            if (!IsClosed && _pending is { Length: > 0 })
            {
                pipe.Write(_pending.Written);
                _pending.Dispose();
                _pending = null;
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
}
