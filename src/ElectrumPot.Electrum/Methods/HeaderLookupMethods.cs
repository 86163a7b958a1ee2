// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Headers without a subscription (protocol, "Vendor extras"); always in the raw form.</summary>
internal static class HeaderLookupMethods
{
    public static RpcError? GetTip(ref RpcCall call)
    {
        if (HeaderNotice.Of(call.Snapshot) is not { } tip) return HeaderMethods.NoBlockYet;
        tip.WriteTip(call.Reply, TipForm.Raw);
        return null;
    }

    public static RpcError? Unsubscribe(ref RpcCall call)
    {
        call.Reply.Boolean(call.Session.Headers.Stop());
        return null;
    }

    /// <summary>By height, or by block hash, whose height the daemon knows: the index finds headers by height only.</summary>
    public static RpcError? Get(ref RpcCall call)
    {
        if (call.Params.TypeOf(0) != JsonTokenType.String)
        {
            if (call.Params.ReadNatural(0, out int height) is { } wrong) return wrong;
            return TryWrite(call.Reply, call.Snapshot, height, expected: null) ? null : HeaderMethods.BeyondTip(height, call.Snapshot);
        }

        if (call.Params.ReadString(0, out ReadOnlySpan<byte> text) is { } wrongText) return wrongText;
        if (!Hash256.TryParse(text, out Hash256 hash)) return RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid block hash");
        call.Session.Meter.AddRequests(MethodCosts.HeaderByHash);
        ServerContext server = call.Server;
        return call.Defer(async (reply, cancellation) =>
        {
            if (await server.Daemon.GetBlockHeightAsync(hash, cancellation) is { } height)
            {
                using IChainSnapshot snapshot = server.Chain.Acquire();
                if (TryWrite(reply, snapshot, height, hash)) return null;
            }

            return RpcError.BadRequest($"the chain has no block {hash}");
        });
    }

    private static bool TryWrite(ReplyWriter reply, IChainSnapshot snapshot, int height, Hash256? expected)
    {
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (!snapshot.TryGetHeader(height, header) || (expected is { } hash && BlockHeader.HashOf(header) != hash)) return false;
        reply.Raw("{\"height\":"u8);
        reply.Integer(height);
        reply.Raw(",\"hex\":"u8);
        reply.HexString(header);
        reply.Raw((byte)'}');
        return true;
    }
}
