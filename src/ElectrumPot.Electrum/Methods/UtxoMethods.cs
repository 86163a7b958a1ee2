// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary><c>blockchain.utxo.*</c>: what an unspent output is.</summary>
internal static class UtxoMethods
{
    /// <summary>The address of an unspent output; null once it is spent or was never there, as in 2014.</summary>
    public static RpcError? GetAddress(ref RpcCall call)
    {
        if (ReadOutPoint(ref call, out Hash256 txid, out int index) is { } wrong) return wrong;
        if (!call.Snapshot.IsUnspent(new OutPoint(txid, (uint)index)))
        {
            call.Reply.Null();
            return null;
        }

        IDaemonGateway daemon = call.Server.Daemon;
        Coin coin = call.Server.Options.Coin;
        return call.Defer(async (reply, cancellation) =>
        {
            ReadOnlyMemory<byte>? raw = await daemon.GetRawTransactionAsync(txid, cancellation);
            string? address = raw is { } bytes ? AddressOfOutput(bytes.Span, index, coin) : null;
            if (address is null) reply.Null();
            else reply.String(address);
            return null;
        });
    }

    /// <summary>
    /// Value and script hash of an unspent output; null once it is spent. The index keeps half of the script hash only,
    /// so the transaction itself is looked at.
    /// </summary>
    public static RpcError? GetInfo(ref RpcCall call)
    {
        if (ReadOutPoint(ref call, out Hash256 txid, out int index) is { } wrong) return wrong;
        if (!call.Snapshot.TryGetUnspentOutput(new OutPoint(txid, (uint)index), out UnspentOutput unspent))
        {
            call.Reply.Null();
            return null;
        }

        IDaemonGateway daemon = call.Server.Daemon;
        Coin coin = call.Server.Options.Coin;
        return call.Defer(async (reply, cancellation) =>
        {
            ReadOnlyMemory<byte>? raw = await daemon.GetRawTransactionAsync(txid, cancellation);
            if (raw is not { } bytes || !TryFindScriptHash(bytes.Span, index, coin, out Hash256 scriptHash)) return TransactionMethods.Unknown(txid);
            WriteInfo(reply, unspent, scriptHash);
            return null;
        });
    }

    private static RpcError? ReadOutPoint(ref RpcCall call, out Hash256 txid, out int index)
    {
        index = 0;
        return TransactionMethods.ReadTxid(ref call, 0, out txid) ?? call.Params.ReadNatural(1, out index);
    }

    private static void WriteInfo(ReplyWriter reply, UnspentOutput unspent, Hash256 scriptHash)
    {
        if (unspent.Height > 0)
        {
            reply.Raw("{\"confirmed_height\":"u8);
            reply.Integer(unspent.Height);
            reply.Raw((byte)',');
        }
        else
        {
            reply.Raw((byte)'{');
        }

        reply.Raw("\"scripthash\":"u8);
        reply.Hash(scriptHash);
        reply.Raw(",\"value\":"u8);
        reply.Integer(unspent.Value);
        reply.Raw((byte)'}');
    }

    private static bool TryFindScriptHash(ReadOnlySpan<byte> raw, int index, Coin coin, out Hash256 scriptHash)
    {
        foreach (OutputView output in TransactionReader.ReadWhole(raw, coin.TransactionFormat).Outputs)
        {
            if (index-- > 0) continue;
            scriptHash = ScriptHash.Of(output.Script);
            return true;
        }

        scriptHash = default;
        return false;
    }

    private static string? AddressOfOutput(ReadOnlySpan<byte> raw, int index, Coin coin)
    {
        foreach (OutputView output in TransactionReader.ReadWhole(raw, coin.TransactionFormat).Outputs)
        {
            if (index-- == 0) return Address.OfScript(output.Script, coin);
        }

        return null;
    }
}
