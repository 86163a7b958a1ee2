// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Counts the requests of a session that wait for the daemon or the clock, and lets the reader wait for room.</summary>
internal sealed class OutstandingRequests(int max)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _changed;
    private int _count;

    public bool IsFull => Volatile.Read(ref _count) >= max;

    /// <summary>Called by the reading thread alone, after it found room.</summary>
    public void Begin()
    {
        lock (_gate)
            _count++;
    }

    public void End()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _count--;
            changed = _changed;
            _changed = null;
        }

        changed?.SetResult();
    }

    public Task WaitForRoomAsync(CancellationToken cancellation) => WaitUntilBelowAsync(max, cancellation);

    public Task WaitUntilNoneAsync(CancellationToken cancellation) => WaitUntilBelowAsync(1, cancellation);

    private async Task WaitUntilBelowAsync(int bound, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_count < bound) return;
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }
}
