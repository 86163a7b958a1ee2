// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>Gets a batch answered by the first daemon that can, and keeps account of how things stand.</summary>
internal sealed class DaemonLink : IDisposable
{
    private readonly RpcEndpoint[] _endpoints;
    private readonly CallGate _gate;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _minPause;
    private readonly Lock _statusLock = new();
    private volatile DaemonStatus _status;

    public DaemonLink(DaemonOptions options, Coin coin, ILogger log, TimeProvider time)
    {
        options.Validate();
        _endpoints = [.. options.Endpoints.Select(address => new RpcEndpoint(address, options, coin, log, time))];
        _gate = new CallGate(options.MaxConnections, options.MaxWaitingCalls);
        _log = log;
        _time = time;
        _minPause = options.MinBackOff;
        _status = new DaemonStatus(DaemonState.Unknown, "", time.GetUtcNow(), Endpoint: null);
    }

    public DaemonStatus Status => _status;

    public string? ServerName => InUse.ServerName;

    private RpcEndpoint InUse => _endpoints.FirstOrDefault(endpoint => endpoint.Address == _status.Endpoint) ?? _endpoints[0];

    /// <summary>Whether the daemon in use is not known to lack this method.</summary>
    public bool Has(string method) => !InUse.Lacks(method);

    /// <param name="repeatable">False if asking twice may do something twice.</param>
    /// <param name="evenIfResting">Ask although the daemon failed a moment ago.</param>
    /// <exception cref="DaemonUnavailableException">No daemon could be asked.</exception>
    /// <exception cref="DaemonErrorException">A daemon answered with an error that <paramref name="read"/> did not expect.</exception>
    public async Task<T> AskAsync<T>(
        RpcBatch batch,
        CallPriority priority,
        Func<RpcReply, T> read,
        CancellationToken cancellationToken,
        bool repeatable = true,
        bool evenIfResting = false)
    {
        using CallGate.Permit permit = await _gate.EnterAsync(priority, cancellationToken);
        DaemonUnavailableException? first = null;
        foreach (RpcEndpoint endpoint in _endpoints)
        {
            if (!evenIfResting && endpoint.RestLeft > TimeSpan.Zero && endpoint.LastError is { } last)
            {
                first ??= new DaemonUnavailableException(last.State, last.Message, last);
                continue;
            }

            try
            {
                T result = await endpoint.AskAsync(batch, read, repeatable, cancellationToken);
                ReportOk(endpoint);
                return result;
            }
            catch (DaemonErrorException)
            {
                ReportOk(endpoint);
                throw;
            }
            catch (DaemonUnavailableException error)
            {
                first ??= error;
                if (!repeatable && error.MayHaveBeenProcessed)
                    break;
            }
        }

        ReportFailure(first!);
        throw first!;
    }

    /// <summary>Waits until a daemon may be asked again.</summary>
    public Task WaitForRetryAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = _endpoints.Min(endpoint => endpoint.RestLeft);
        return Task.Delay(left > _minPause ? left : _minPause, _time, cancellationToken);
    }

    public void Dispose()
    {
        foreach (RpcEndpoint endpoint in _endpoints)
            endpoint.Dispose();
    }

    private void ReportOk(RpcEndpoint endpoint)
    {
        if (_status is { State: DaemonState.Ok } status && status.Endpoint == endpoint.Address) return;
        lock (_statusLock)
        {
            if (_status is { State: DaemonState.Ok } again && again.Endpoint == endpoint.Address) return;
            string others = string.Join("; ", _endpoints.Where(other => other != endpoint).Select(other => other.LastError?.Message).OfType<string>());
            _status = new DaemonStatus(DaemonState.Ok, others, _time.GetUtcNow(), endpoint.Address);
            _log.DaemonAnswers(endpoint.Address);
        }
    }

    private void ReportFailure(DaemonUnavailableException error)
    {
        lock (_statusLock)
        {
            DaemonStatus before = _status;
            if (before.State == error.State && string.Equals(before.Detail, error.Message, StringComparison.Ordinal)) return;
            bool changed = before.State != error.State;
            _status = new DaemonStatus(error.State, error.Message, changed ? _time.GetUtcNow() : before.Since, before.Endpoint ?? _endpoints[0].Address);
            if (changed)
                _log.DaemonFails(error.Message);
        }
    }
}
