// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Hosting;

/// <summary>The one wish that the server end; the first reason counts.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private string? _reason;

    public CancellationToken Token => _stop.Token;

    /// <summary>Why the server stops; null while it runs.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    public void Make(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();
}
