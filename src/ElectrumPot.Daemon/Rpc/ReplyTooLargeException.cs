// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.Rpc;

/// <summary>The reply announces or brings more bytes than allowed. Whoever asked for several things asks again for fewer.</summary>
internal sealed class ReplyTooLargeException(int maxBytes) : Exception($"the daemon's reply is longer than {maxBytes:N0} bytes");
