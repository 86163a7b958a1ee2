// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>
/// The daemon refused a transaction. Code and message are verbatim and for the wallet: 0.8 says -22 "TX rejected" for
/// nearly every cause, 0.9.5 tells causes apart (-25, -26, -27).
/// </summary>
public sealed class DaemonRejectedException(int code, string rpcMessage) : DaemonErrorException("sendrawtransaction", code, rpcMessage);
