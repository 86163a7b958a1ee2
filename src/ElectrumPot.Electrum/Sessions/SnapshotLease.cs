// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>
/// The state that a burst of requests is answered from: taken by the first that needs it, given back before the
/// session waits for anything. For one thread at a time.
/// </summary>
internal sealed class SnapshotLease(IChainSource chain)
{
    private IChainSnapshot? _snapshot;

    public IChainSnapshot Current => _snapshot ??= chain.Acquire();

    public void Release()
    {
        _snapshot?.Dispose();
        _snapshot = null;
    }
}
