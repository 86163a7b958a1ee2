// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Sending transactions (protocol, "blockchain.transaction.broadcast").</summary>
internal static class BroadcastMethods
{
    public const string DecodeFailed = "TX decode failed";

    /// <summary>
    /// A refusal is an error from 1.1 on; up to 1.0 its text is the <em>result</em>, for those wallets die of an error.
    /// </summary>
    public static RpcError? Broadcast(ref RpcCall call)
    {
        if (call.Params.ReadString(0, out ReadOnlySpan<byte> text) is { } wrong) return wrong;
        string hex = Encoding.UTF8.GetString(text);
        ServerContext server = call.Server;
        bool isLegacy = call.Session.IsLegacy;
        return call.Defer(async (reply, cancellation) =>
        {
            Outcome outcome = await SendAsync(server, hex, cancellation);
            if (outcome.Refusal is not { } refusal)
            {
                reply.Hash(outcome.Txid);
                return null;
            }

            if (!isLegacy)
                return outcome.IsDaemonAway ? RpcError.DaemonAway : RpcError.BadRequest($"the transaction was rejected by network rules.\n\n{refusal}\n[{hex}]");
            reply.String(refusal);
            return null;
        });
    }

    /// <param name="hex">The daemon judges it.</param>
    public static async Task<Outcome> SendAsync(ServerContext server, string hex, CancellationToken cancellation)
    {
        if (!TryComputeTxid(hex, server.Options.Coin, out Hash256 txid)) return new Outcome(txid, DecodeFailed);
        try
        {
            return new Outcome(await server.Daemon.BroadcastAsync(hex, cancellation));
        }
        catch (DaemonErrorException refused)
        {
            // The old nodes refuse what they have already with the words they use for everything else.
            if (await IsKnownAsync(server, txid, cancellation)) return new Outcome(txid);
            return new Outcome(txid, refused.RpcMessage.Length > 0 ? refused.RpcMessage : $"TX rejected ({refused.Code})");
        }
        catch (DaemonException)
        {
            return new Outcome(txid, RpcError.DaemonAway.Message, IsDaemonAway: true);
        }
    }

    private static async Task<bool> IsKnownAsync(ServerContext server, Hash256 txid, CancellationToken cancellation)
    {
        try
        {
            return await server.Daemon.GetRawTransactionAsync(txid, cancellation) is not null;
        }
        catch (DaemonException)
        {
            return false;
        }
    }

    private static bool TryComputeTxid(string hex, Coin coin, out Hash256 txid)
    {
        txid = default;
        if (hex.Length > coin.MaxBlockSize * 2L) return false;
        try
        {
            // Bytes after the end are no reason to refuse: the nodes pass over them.
            txid = TransactionReader.Read(Convert.FromHexString(hex), coin.TransactionFormat, out _).ComputeTxid();
            return true;
        }
        catch (Exception failure) when (failure is FormatException or MalformedBlockException)
        {
            return false;
        }
    }

    /// <param name="Refusal">The daemon's words; null when the transaction was taken, or is there already.</param>
    internal readonly record struct Outcome(Hash256 Txid, string? Refusal = null, bool IsDaemonAway = false);
}
