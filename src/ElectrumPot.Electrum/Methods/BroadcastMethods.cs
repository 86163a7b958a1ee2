// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Sending transactions (protocol, "blockchain.transaction.broadcast").</summary>
internal static class BroadcastMethods
{
    /// <summary>As many as Bitcoin Core takes in a package.</summary>
    private const int MaxPackage = 25;

    private const string DecodeFailed = "TX decode failed";

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

    /// <summary>
    /// The nodes know no packages: the members are sent one after the other until one is refused.
    /// </summary>
    public static RpcError? BroadcastPackage(ref RpcCall call)
    {
        if (!call.Params.Has(0)) return call.Params.Missing(0);
        if (call.Params.ReadBoolean(1, absent: false, out _) is { } wrong) return wrong;
        if (!TryReadTexts(call.Params.Raw(0), out List<string> transactions))
            return call.Params.Wrong(0, $"a list of 1 to {MaxPackage} texts");
        ServerContext server = call.Server;
        return call.Defer(async (reply, cancellation) =>
        {
            foreach (string hex in transactions)
            {
                Outcome outcome = await SendAsync(server, hex, cancellation);
                if (outcome.IsDaemonAway) return RpcError.DaemonAway;
                if (outcome.Refusal is not { } refusal) continue;
                reply.Raw("{\"success\":false,\"errors\":[{\"txid\":"u8);
                reply.Hash(outcome.Txid);
                reply.Raw(",\"error\":"u8);
                reply.String(refusal);
                reply.Raw("}]}"u8);
                return null;
            }

            reply.Raw("{\"success\":true}"u8);
            return null;
        });
    }

    private static async Task<Outcome> SendAsync(ServerContext server, string hex, CancellationToken cancellation)
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

    private static bool TryReadTexts(ReadOnlySpan<byte> json, out List<string> texts)
    {
        texts = [];
        var reader = new Utf8JsonReader(json, RpcRequest.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (texts.Count == MaxPackage || reader.ValueIsEscaped) return false;
            texts.Add(Encoding.UTF8.GetString(reader.ValueSpan));
        }

        return texts.Count > 0 && reader.TokenType == JsonTokenType.EndArray;
    }

    private readonly record struct Outcome(Hash256 Txid, string? Refusal = null, bool IsDaemonAway = false);
}
