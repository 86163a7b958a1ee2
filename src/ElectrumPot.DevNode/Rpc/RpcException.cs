// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>An error object of potcoind's JSON-RPC.</summary>
internal sealed class RpcException(int code, string message) : Exception(message)
{
    public const int Misc = -1;
    public const int SafeMode = -2;
    public const int InvalidAddressOrKey = -5;
    public const int InvalidParameter = -8;
    public const int Deserialization = -22;
    public const int Transaction = -25;
    public const int TransactionRejected = -26;
    public const int TransactionAlreadyInChain = -27;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int Parse = -32700;

    public int Code { get; } = code;
}
