// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Transport;

/// <summary>A port could not be opened. The message is one sentence for the operator.</summary>
public sealed class ListenException(ElectrumEndpoint endpoint, string reason, Exception? inner = null)
    : Exception($"cannot listen on {endpoint}: {reason}", inner)
{
    public ElectrumEndpoint Endpoint { get; } = endpoint;
}
