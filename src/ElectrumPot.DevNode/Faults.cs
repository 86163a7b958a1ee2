// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>What is to go wrong. Each can be switched at run time from any thread.</summary>
public sealed class Faults
{
    private readonly Lock _gate = new();
    private volatile string? _safeMode;
    private volatile bool _refuseConnections;
    private volatile bool _wrongBlock;
    private volatile bool _wrongGenesis;
    private volatile bool _hasNoStaleBlocks;
    private volatile bool _hasNoTransactionIndex;
    private volatile bool _mempoolTransactionVanishes;
    private volatile int _dropConnectionAfterBytes = -1;
    private volatile int _truncateReply = -1;
    private long _delayTicks;
    private int? _reindexHeight;
    private int _reindexStep;
    private TaskCompletionSource? _hang;

    /// <summary>Called when <see cref="RefuseConnections"/> has changed: closing the listener cannot wait for a next request.</summary>
    internal Action? RefuseConnectionsChanged { get; set; }

    /// <summary>The warning of safe mode, in which getblock, getblockhash, getrawtransaction and sendrawtransaction answer -2; null for none.</summary>
    public string? SafeMode
    {
        get => _safeMode;
        set => _safeMode = value;
    }

    /// <summary>The listener is closed and every connection with it, as of a node that is down.</summary>
    public bool RefuseConnections
    {
        get => _refuseConnections;
        set
        {
            _refuseConnections = value;
            RefuseConnectionsChanged?.Invoke();
        }
    }

    /// <summary>Requests are read and not answered; they are when this is switched off.</summary>
    public bool Hang
    {
        get
        {
            lock (_gate) return _hang is not null;
        }

        set
        {
            lock (_gate)
            {
                if (value)
                {
                    _hang ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return;
                }

                _hang?.SetResult();
                _hang = null;
            }
        }
    }

    public TimeSpan DelayReplies
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Every reply ends after this many bytes, headers included, with a closed socket; null for whole replies.</summary>
    public int? DropConnectionAfterBytes
    {
        get => _dropConnectionAfterBytes is >= 0 and int bytes ? bytes : null;
        set => _dropConnectionAfterBytes = value ?? -1;
    }

    /// <summary>Only this much of every body is sent, in proper HTTP with the matching length; null for whole bodies.</summary>
    public int? TruncateReply
    {
        get => _truncateReply is >= 0 and int bytes ? bytes : null;
        set => _truncateReply = value ?? -1;
    }

    /// <summary>getblock answers with another block than the one asked for.</summary>
    public bool WrongBlock
    {
        get => _wrongBlock;
        set => _wrongBlock = value;
    }

    /// <summary>getrawmempool lists what getrawtransaction then does not know.</summary>
    public bool MempoolTransactionVanishes
    {
        get => _mempoolTransactionVanishes;
        set => _mempoolTransactionVanishes = value;
    }

    /// <summary>getblock knows blocks of the best chain only, as a node does that was synchronised anew.</summary>
    public bool HasNoStaleBlocks
    {
        get => _hasNoStaleBlocks;
        set => _hasNoStaleBlocks = value;
    }

    /// <summary>getrawtransaction knows transactions of the mempool only.</summary>
    public bool HasNoTransactionIndex
    {
        get => _hasNoTransactionIndex;
        set => _hasNoTransactionIndex = value;
    }

    /// <summary>getblockhash 0 answers with the genesis block of another network.</summary>
    public bool WrongGenesis
    {
        get => _wrongGenesis;
        set => _wrongGenesis = value;
    }

    /// <summary>
    /// The node seems to rebuild its index: its height starts anew, with the same blocks as before, and an empty mempool. Ends
    /// by itself when the height has been reached, or with <see cref="EndReindex"/>.
    /// </summary>
    /// <param name="fromHeight">Where the visible chain ends now.</param>
    /// <param name="step">By how much it grows with each question for height or tip; 0: only by <see cref="AdvanceReindex"/>.</param>
    public void Reindexing(int fromHeight, int step = 0)
    {
        lock (_gate) (_reindexHeight, _reindexStep) = (fromHeight, step);
    }

    public void AdvanceReindex(int blocks)
    {
        lock (_gate) _reindexHeight += blocks;
    }

    public void EndReindex()
    {
        lock (_gate) _reindexHeight = null;
    }

    /// <param name="height">Of the real chain.</param>
    /// <param name="asks">True for the calls that let a reindex go on.</param>
    /// <returns>The height that is visible; never above the real one.</returns>
    internal int VisibleHeight(int height, bool asks)
    {
        lock (_gate)
        {
            if (_reindexHeight is not { } visible) return height;
            if (asks)
                _reindexHeight = visible + _reindexStep;
            if (visible < height) return visible;
            _reindexHeight = null;
            return height;
        }
    }

    internal Task WaitWhileHanging(CancellationToken cancellationToken)
    {
        lock (_gate) return _hang?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
