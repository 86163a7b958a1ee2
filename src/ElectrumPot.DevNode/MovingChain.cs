// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>How lively a <see cref="MovingChain"/> is.</summary>
public sealed record MovingChainOptions
{
    /// <summary>Between two blocks.</summary>
    public TimeSpan BlockInterval { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Between two bursts of transactions.</summary>
    public TimeSpan TransactionInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>At most this many transactions in a burst.</summary>
    public int TransactionsPerBurst { get; init; } = 3;

    /// <summary>After so many blocks one or two of them are replaced; 0 for never.</summary>
    public int ReorgEvery { get; init; } = 25;
}

/// <summary>Lets the chain of a <see cref="DevNode"/> go on by itself until it is disposed.</summary>
public sealed class MovingChain : IAsyncDisposable
{
    private readonly DevNode _node;
    private readonly MovingChainOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _running;
    private int _blocks;

    /// <summary>Starts at once. The clock is that of the node.</summary>
    public MovingChain(DevNode node, MovingChainOptions? options = null)
    {
        _node = node;
        _options = options ?? new MovingChainOptions();
        _running = Task.WhenAll(
            RepeatAsync(_options.TransactionInterval, AddTransactions),
            RepeatAsync(_options.BlockInterval, AddBlock));
    }

    /// <summary>Ends early only when the simulation fails, with that failure.</summary>
    public Task Running => _running;

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        try
        {
            await _running;
        }
        finally
        {
            _disposed.Dispose();
        }
    }

    private void AddTransactions() => _node.AddRandomTransactions(1 + (_node.Mempool.Count % _options.TransactionsPerBurst));

    private void AddBlock()
    {
        _blocks++;
        if (_options.ReorgEvery > 0 && _blocks % _options.ReorgEvery == 0)
        {
            int depth = 1 + (_blocks / _options.ReorgEvery % 2);
            _node.Reorg(depth, depth + 1);
        }
        else
        {
            _node.MineBlock();
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Action action)
    {
        using var timer = new PeriodicTimer(interval, _node.Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposed.Token))
                action();
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            // Disposed: the chain stands still from now on.
        }
    }
}
