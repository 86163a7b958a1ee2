// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Work that has to wait for the daemon or the clock; writes its result as a handler does.</summary>
internal delegate Task<RpcError?> DeferredWork(ReplyWriter reply, CancellationToken cancellation);

/// <summary>
/// Answers one method: writes the JSON of <c>result</c> to <see cref="RpcCall.Reply"/> and returns null, or returns
/// the error, or hands over <see cref="RpcCall.Defer"/> and returns null.
/// </summary>
internal delegate RpcError? MethodHandler(ref RpcCall call);

/// <summary>One request on its way through a handler.</summary>
internal ref struct RpcCall
{
    public required Session Session;
    public required RpcParams Params;
    public required ReplyWriter Reply;

    /// <summary>When set, the reply follows later and later requests are answered meanwhile.</summary>
    public DeferredWork? Deferred { get; private set; }

    public readonly ServerContext Server => Session.Server;

    public readonly ProtocolVersion Version => Session.Version;

    public readonly RpcError HistoryTooLarge =>
        Version >= ProtocolVersion.V1_7 ? RpcError.HistoryTooLargeSince17 : RpcError.HistoryTooLarge;

    /// <summary>The one state this request is answered from.</summary>
    public readonly IChainSnapshot Snapshot => Session.Lease.Current;

    /// <returns>Null, to be returned by the handler.</returns>
    public RpcError? Defer(DeferredWork work)
    {
        Deferred = work;
        return null;
    }
}
