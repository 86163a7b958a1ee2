// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// Bounds the calls under way. Wallets go before the index, and each kind may hold all places but one, so that neither
/// can starve the other however busy it is.
/// </summary>
internal sealed class CallGate(int places, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource>[] _waiting = [new(), new()];
    private readonly int[] _held = new int[2];

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting[0].Count + _waiting[1].Count;
        }
    }

    /// <summary>Waits for a place; dispose the permit to leave it.</summary>
    /// <exception cref="DaemonUnavailableException">Too many are waiting already.</exception>
    public ValueTask<Permit> EnterAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> node;
        lock (_lock)
        {
            if (_waiting[(int)priority].Count == 0 && HasPlace(priority))
            {
                _held[(int)priority]++;
                return new(new Permit(this, priority));
            }

            if (_waiting[0].Count + _waiting[1].Count >= maxWaiting)
                throw new DaemonUnavailableException(DaemonState.Busy, $"{maxWaiting} calls wait for the daemon already; try again later");
            node = _waiting[(int)priority].AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return WaitAsync(node, priority, cancellationToken);
    }

    private async ValueTask<Permit> WaitAsync(LinkedListNode<TaskCompletionSource> node, CallPriority priority, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(_ => Abandon(node, priority, cancellationToken), null))
            await node.Value.Task;
        return new Permit(this, priority);
    }

    private void Abandon(LinkedListNode<TaskCompletionSource> node, CallPriority priority, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is null) return;
            _waiting[(int)priority].Remove(node);
        }

        node.Value.TrySetCanceled(cancellationToken);
    }

    private void Leave(CallPriority priority)
    {
        lock (_lock)
        {
            _held[(int)priority]--;
            Admit(CallPriority.Interactive);
            Admit(CallPriority.Bulk);
        }
    }

    private void Admit(CallPriority priority)
    {
        LinkedList<TaskCompletionSource> waiting = _waiting[(int)priority];
        while (waiting.First is { } node && HasPlace(priority))
        {
            waiting.Remove(node);
            _held[(int)priority]++;
            node.Value.SetResult();
        }
    }

    private bool HasPlace(CallPriority priority) => _held[0] + _held[1] < places && _held[(int)priority] < places - 1;

    /// <summary>A place at the gate.</summary>
    public readonly struct Permit(CallGate gate, CallPriority priority) : IDisposable
    {
        public void Dispose() => gate.Leave(priority);
    }
}
