// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

public abstract class DaemonException(string message, Exception? inner = null) : Exception(message, inner);

public class DaemonErrorException(string method, int code, string rpcMessage)
    : DaemonException($"the daemon refused {method}: {rpcMessage} ({code})")
{
    public int Code { get; } = code;

    public string RpcMessage { get; } = rpcMessage;
}

public sealed class DaemonRejectedException(int code, string rpcMessage) : DaemonErrorException("sendrawtransaction", code, rpcMessage);

public enum DaemonState
{
    Unreachable,
}

public class DaemonUnavailableException(DaemonState state, string message, Exception? inner = null) : DaemonException(message, inner)
{
    public DaemonState State { get; } = state;
}
