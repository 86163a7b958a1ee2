// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.Rpc;

internal sealed record RpcError(int Code, string Message);
