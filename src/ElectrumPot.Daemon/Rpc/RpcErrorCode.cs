// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.Rpc;

/// <summary>Error codes of the daemons (potcoind <c>bitcoinrpc.h</c> / <c>rpcprotocol.h</c>, bitcoind <c>rpc/protocol.h</c>).</summary>
internal static class RpcErrorCode
{
    /// <summary>Also a block number out of range in potcoind.</summary>
    public const int Misc = -1;
    public const int SafeMode = -2;
    public const int NotFound = -5;

    /// <summary>Also a block height out of range in bitcoind.</summary>
    public const int InvalidParameter = -8;
    public const int TxRejected = -22;
    public const int InWarmup = -28;
    public const int MethodNotFound = -32601;
}
