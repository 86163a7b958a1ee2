// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>The daemon understood the call and refused it.</summary>
/// <param name="code">Its error code, such as -5 (unknown), -8 (bad parameter), -32601 (no such method).</param>
/// <param name="rpcMessage">Its message, verbatim; may be empty.</param>
public class DaemonErrorException(string method, int code, string rpcMessage)
    : DaemonException($"the daemon refused {method}: {rpcMessage} ({code})")
{
    public int Code { get; } = code;

    public string RpcMessage { get; } = rpcMessage;
}
