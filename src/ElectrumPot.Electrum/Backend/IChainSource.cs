// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Events;

namespace ElectrumPot.Electrum.Backend;

/// <summary>Where sessions get the chain from: the index, or a script in tests.</summary>
public interface IChainSource
{
    /// <summary>The newest consistent state; the caller disposes it. Never blocks.</summary>
    IChainSnapshot Acquire();

    /// <summary>
    /// Everything that changed since the last call, merged. A state is acquirable before its update comes out here.
    /// </summary>
    ValueTask<ChainUpdate> NextUpdateAsync(CancellationToken cancellation);

    /// <summary>Told what a request threw: a store that fails must be noticed by more than one wallet.</summary>
    void Report(Exception failure);
}
