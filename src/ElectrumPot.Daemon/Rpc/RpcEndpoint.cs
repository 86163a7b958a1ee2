// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>One daemon: its transport, whether its coin is proven, and until when it rests after a failure.</summary>
internal sealed class RpcEndpoint(DaemonEndpoint address, DaemonOptions options, Coin coin, ILogger log, TimeProvider time) : IDisposable
{
    private const double Jitter = 0.25;

    private readonly Lock _lock = new();
    private readonly RpcTransport _transport = new(address, options, time);
    private readonly ConcurrentDictionary<string, bool> _missingMethods = new(StringComparer.Ordinal);
    private DaemonUnavailableException? _lastError;
    private long _lastFailure = long.MinValue;
    private TimeSpan _rest;
    private int _failures;
    private volatile bool _isOfCoin;

    public DaemonEndpoint Address { get; } = address;

    public string? ServerName => _transport.ServerName;

    /// <summary>Why it was left alone last; null while all is well.</summary>
    public DaemonUnavailableException? LastError
    {
        get
        {
            lock (_lock)
                return _lastError;
        }
    }

    /// <summary>Time until it may be asked again; zero if at once.</summary>
    public TimeSpan RestLeft
    {
        get
        {
            lock (_lock)
            {
                if (_lastError is null) return TimeSpan.Zero;
                TimeSpan left = _rest - time.GetElapsedTime(_lastFailure);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    public bool Lacks(string method) => _missingMethods.ContainsKey(method);

    /// <summary>Asks once, or twice where a kept connection turned out dead; proves the coin first if that is due.</summary>
    public async Task<T> AskAsync<T>(RpcBatch batch, Func<RpcReply, T> read, bool repeatable, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        try
        {
            if (!_isOfCoin)
                await CheckCoinAsync(cancellationToken);
            T result = await SendAsync(batch, read, repeatable, cancellationToken);
            Succeeded();
            return result;
        }
        catch (DaemonUnavailableException error)
        {
            Failed(error, started);
            throw;
        }
        catch (DaemonErrorException)
        {
            Succeeded();
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    private async Task CheckCoinAsync(CancellationToken cancellationToken)
    {
        var batch = new RpcBatch();
        batch.Add("getblockhash", 0);
        Hash256 genesis = await SendAsync(batch, static reply => reply.Hash(0), repeatable: true, cancellationToken);
        if (genesis != coin.GenesisHash)
            throw new WrongCoinException(Address, coin, genesis);
        _isOfCoin = true;
    }

    private async Task<T> SendAsync<T>(RpcBatch batch, Func<RpcReply, T> read, bool repeatable, CancellationToken cancellationToken)
    {
        try
        {
            return await SendOnceAsync(batch, read, cancellationToken);
        }
        catch (DaemonUnavailableException error)
            when (repeatable && error is { State: DaemonState.Unreachable, MayHaveBeenProcessed: true })
        {
            return await SendOnceAsync(batch, read, cancellationToken);
        }
    }

    private async Task<T> SendOnceAsync<T>(RpcBatch batch, Func<RpcReply, T> read, CancellationToken cancellationToken)
    {
        using RpcReply reply = await _transport.SendAsync(batch, cancellationToken);
        if (reply.FindError(RpcErrorCode.InWarmup) is { } warmup)
            throw new DaemonUnavailableException(DaemonState.Starting, $"the daemon at {Address} is starting: {warmup.Message}");
        if (reply.FindError(RpcErrorCode.SafeMode) is { } safe)
        {
            throw new DaemonUnavailableException(
                DaemonState.SafeMode,
                $"the daemon at {Address} is in safe mode: {safe.Message}; look after it, then restart it with -disablesafemode if its chain is right");
        }

        RememberMissing(reply);
        try
        {
            return read(reply);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Text that is no UTF-8, a value of another kind than its name promises.
            throw new MalformedReplyException($"the daemon at {Address} answers {batch.Methods[0]} in an unknown form: {error.Message}", error);
        }
    }

    private void RememberMissing(RpcReply reply)
    {
        for (int i = 0; i < reply.Count; i++)
        {
            if (reply.ErrorOf(i) is { Code: RpcErrorCode.MethodNotFound } && _missingMethods.TryAdd(reply.MethodOf(i), true))
                log.MethodMissing(reply.MethodOf(i));
        }
    }

    private void Succeeded()
    {
        lock (_lock)
        {
            _failures = 0;
            _lastError = null;
        }
    }

    private void Failed(DaemonUnavailableException error, long started)
    {
        DaemonMetrics.Failed(error.State);
        lock (_lock)
        {
            // It may be another daemon when it comes back.
            _isOfCoin = false;
            _missingMethods.Clear();
            // Several calls that one outage ends are one failure.
            if (_lastError is null || started >= _lastFailure)
            {
                double doubled = options.MinBackOff.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 30));
                double pause = Math.Min(doubled, options.MaxBackOff.TotalMilliseconds);
                _rest = TimeSpan.FromMilliseconds(pause * (1 - Jitter + (Random.Shared.NextDouble() * Jitter)));
                _lastFailure = time.GetTimestamp();
            }

            _lastError = error;
        }
    }
}
