// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary><c>server.*</c> (protocol, "Server methods").</summary>
internal static class ServerMethods
{
    private const int MaxNameBytes = 512;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static ReadOnlySpan<byte> Zeros => "0000000000000000000000000000000000000000000000000000000000000000"u8;

    /// <summary>
    /// Agrees on a version. May be repeated until 1.4 was agreed on: old wallets use it as a ping.
    /// </summary>
    public static RpcError? Version(ref RpcCall call)
    {
        Session session = call.Session;
        if (session.IsNegotiated && session.Version >= ProtocolVersion.V1_4)
            return RpcError.BadRequest("server.version already sent");

        string name = "";
        if (call.Params.Has(0))
        {
            if (call.Params.ReadString(0, out ReadOnlySpan<byte> utf8) is { } wrong) return wrong;
            name = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxNameBytes)]);
        }

        ReadOnlySpan<byte> asked = call.Params.Raw(1);
        VersionRange? range = null;
        if (call.Params.Has(1) && !VersionRange.TryRead(asked, out range)) return Unsupported(ref call, asked);
        ProtocolVersion? agreed = null;
        if (range is { } wanted)
        {
            if (!wanted.TryChoose(call.Server.Options.Protocol, out ProtocolVersion chosen)) return Unsupported(ref call, asked);
            agreed = chosen;
        }

        session.Introduce(name, agreed);
        WriteAgreement(ref call);
        return null;
    }

    public static RpcError? Banner(ref RpcCall call)
    {
        call.Reply.String(call.Server.Banner.Get());
        return null;
    }

    public static RpcError? DonationAddress(ref RpcCall call)
    {
        call.Reply.String(call.Server.Options.DonationAddress);
        return null;
    }

    /// <summary>No subscription in spite of its name.</summary>
    public static RpcError? Peers(ref RpcCall call)
    {
        call.Reply.Raw(call.Server.Peers.GetList(call.Session.ClientAddress).Span);
        return null;
    }

    public static RpcError? Features(ref RpcCall call)
    {
        ElectrumOptions options = call.Server.Options;
        FeaturesWriter.Write(call.Reply, options, options.Hosts, call.Version);
        return null;
    }

    /// <summary>True means that the peer will be looked at (protocol, "add_peer").</summary>
    public static RpcError? AddPeer(ref RpcCall call)
    {
        if (!call.Params.Has(0)) return call.Params.Missing(0);
        if (call.Params.TypeOf(0) != JsonTokenType.StartObject) return call.Params.Wrong(0, "a dictionary of features");
        var reader = new Utf8JsonReader(call.Params.Raw(0), RpcRequest.ReaderOptions);
        JsonElement features = JsonElement.ParseValue(ref reader);
        PeerDirectory peers = call.Server.Peers;
        IPAddress caller = call.Session.ClientAddress;
        return call.Defer(async (reply, cancellation) =>
        {
            reply.Boolean(await peers.AddAsync(features, caller, cancellation));
            return null;
        });
    }

    /// <summary>
    /// From 1.7 a wallet may ask for a reply of a certain length and send padding itself, to hide what it does. It may
    /// ping as a notification too, which nobody answers.
    /// </summary>
    public static RpcError? Ping(ref RpcCall call)
    {
        if (call.Version < ProtocolVersion.V1_7)
        {
            if (call.Params.Has(0) || call.Params.Has(1)) return RpcError.InvalidParams("the method takes no arguments");
            call.Reply.Null();
            return null;
        }

        if (call.Params.ReadNatural(0, absent: 0, out int length) is { } wrong) return wrong;
        if (call.Params.Has(1))
        {
            if (call.Params.ReadString(1, out ReadOnlySpan<byte> padding) is { } wrongPadding) return wrongPadding;
            if (padding.ContainsAnyExcept(HexDigits)) return call.Params.Wrong(1, "hexadecimal text");
        }

        if (length > call.Session.MaxReplyBytes) return RpcError.BadRequest($"pong_len {length} is too large, at most {call.Session.MaxReplyBytes}");
        call.Reply.Raw("{\"data\":\""u8);
        for (; length > 0; length -= Zeros.Length)
            call.Reply.Raw(Zeros[..Math.Min(length, Zeros.Length)]);
        call.Reply.Raw("\"}"u8);
        return null;
    }

    /// <summary>One text up to 1.0, software and version from 1.1.</summary>
    private static void WriteAgreement(ref RpcCall call)
    {
        string version = call.Version.ToString();
        if (call.Session.IsLegacy)
        {
            call.Reply.String(version);
            return;
        }

        call.Reply.Raw((byte)'[');
        call.Reply.String(call.Server.Options.ServerName);
        call.Reply.Raw((byte)',');
        call.Reply.String(version);
        call.Reply.Raw((byte)']');
    }

    private static RpcError Unsupported(ref RpcCall call, ReadOnlySpan<byte> asked)
    {
        VersionRange served = call.Server.Options.Protocol;
        string text = asked.Length <= 64 ? Encoding.UTF8.GetString(asked) : "of this form";
        return new RpcError(
            RpcError.BadRequestCode,
            $"unsupported protocol version: {text}; this server speaks {served.Min} to {served.Max}",
            Close: true);
    }
}
