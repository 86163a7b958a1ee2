// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary><c>server.*</c> (protocol, "Server methods").</summary>
internal static class ServerMethods
{
    private const int MaxNameBytes = 512;

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

    /// <summary>No subscription in spite of its name. Without discovery there is nobody to tell of.</summary>
    public static RpcError? Peers(ref RpcCall call)
    {
        call.Reply.Raw("[]"u8);
        return null;
    }

    public static RpcError? Features(ref RpcCall call)
    {
        ElectrumOptions options = call.Server.Options;
        ReplyWriter reply = call.Reply;
        reply.Raw("{\"hosts\":{"u8);
        for (int i = 0; i < options.Hosts.Count; i++)
        {
            AdvertisedHost host = options.Hosts[i];
            if (i > 0) reply.Raw((byte)',');
            reply.String(host.Name);
            reply.Raw(":{\"tcp_port\":"u8);
            WritePort(reply, host.TcpPort);
            reply.Raw(",\"ssl_port\":"u8);
            WritePort(reply, host.TlsPort);
            reply.Raw((byte)'}');
        }

        reply.Raw("},\"genesis_hash\":"u8);
        reply.Hash(options.Coin.GenesisHash);
        reply.Raw(",\"hash_function\":\"sha256\",\"server_version\":"u8);
        reply.String(options.ServerName);
        reply.Raw(",\"protocol_min\":"u8);
        reply.String(options.Protocol.Min.ToString());
        reply.Raw(",\"protocol_max\":"u8);
        reply.String(options.Protocol.Max.ToString());
        reply.Raw(",\"pruning\":"u8);
        if (options.PruningLimit > 0) reply.Integer(options.PruningLimit);
        else reply.Null();
        reply.Raw((byte)'}');
        return null;
    }

    /// <summary>Discovery is off: no peer is accepted (protocol, "add_peer", rule 1).</summary>
    public static RpcError? AddPeer(ref RpcCall call)
    {
        if (!call.Params.Has(0)) return call.Params.Missing(0);
        call.Reply.Boolean(false);
        return null;
    }

    public static RpcError? Ping(ref RpcCall call)
    {
        call.Reply.Null();
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

    private static void WritePort(ReplyWriter reply, int? port)
    {
        if (port is { } number) reply.Integer(number);
        else reply.Null();
    }
}
