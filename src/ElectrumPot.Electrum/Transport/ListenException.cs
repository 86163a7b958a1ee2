// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Transport;

/// <summary>A port could not be opened. The message is one sentence for the operator.</summary>
public sealed class ListenException(string reason, Exception inner) : Exception($"cannot listen: {reason}", inner);
