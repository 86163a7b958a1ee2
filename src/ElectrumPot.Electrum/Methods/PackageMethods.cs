// SPDX-License-Identifier: MIT

using System.Text.Encodings.Web;
using System.Text.Json;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Several transactions at once (protocol, "blockchain.transaction.broadcast_package" and "Protocol 1.7").</summary>
internal static class PackageMethods
{
    private const string Success = "success";
    private const string Failure = "transaction failed";
    private const string NotSent = "package-not-validated";
    private const string Duplicates = "package-contains-duplicates";

    private static readonly RpcError CannotTest =
        new(RpcError.DaemonErrorCode, "daemon error: the node of this server cannot test transactions (it has no testmempoolaccept)");

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// As a package where the daemon has packages. Otherwise the members are sent one after the other until one is
    /// refused: those before it stay sent, and a member is never carried by the fee of its child.
    /// </summary>
    public static RpcError? Broadcast(ref RpcCall call)
    {
        if (PackageMember.Read(ref call, out List<string> transactions) is { } wrong) return wrong;
        if (call.Params.ReadBoolean(1, absent: false, out bool verbose) is { } wrongFlag) return wrongFlag;
        if (PackageMember.Decode(transactions, call.Server.Options.Coin) is not { } members) return Malformed(BroadcastMethods.DecodeFailed);
        ServerContext server = call.Server;
        return call.Defer(async (reply, cancellation) =>
        {
            JsonElement? report;
            try
            {
                report = await server.Daemon.SubmitPackageAsync(transactions, cancellation);
            }
            catch (DaemonErrorException refused)
            {
                return Malformed(refused.RpcMessage);
            }

            if (report is not { } known) return await SendOneByOneAsync(server, members, verbose, reply, cancellation);
            if (verbose)
            {
                await using var writer = new Utf8JsonWriter(reply, WriterOptions);
                known.WriteTo(writer);
            }
            else
            {
                WriteSummary(reply, known);
            }

            return null;
        });
    }

    /// <summary>Whether the daemon would take the transactions, which it does not keep.</summary>
    public static RpcError? Test(ref RpcCall call)
    {
        if (PackageMember.Read(ref call, out List<string> transactions) is { } wrong) return wrong;
        if (PackageMember.Decode(transactions, call.Server.Options.Coin) is not { } members) return RpcError.BadRequest(BroadcastMethods.DecodeFailed);
        ServerContext server = call.Server;
        return call.Defer(async (reply, cancellation) =>
        {
            if (await server.Daemon.TestMempoolAcceptAsync(transactions, cancellation) is not { } acceptances) return CannotTest;
            reply.Raw((byte)'[');
            for (int i = 0; i < acceptances.Count; i++)
            {
                if (i > 0) reply.Raw((byte)',');
                WriteAcceptance(reply, acceptances[i], i < members.Count ? members[i] : null);
            }

            reply.Raw((byte)']');
            return null;
        });
    }

    private static async Task<RpcError?> SendOneByOneAsync(
        ServerContext server, IReadOnlyList<PackageMember> members, bool verbose, ReplyWriter reply, CancellationToken cancellation)
    {
        if (members.DistinctBy(member => member.Txid).Count() < members.Count) return Malformed(Duplicates);
        string? refusal = null;
        int sent = 0;
        while (sent < members.Count)
        {
            BroadcastMethods.Outcome outcome = await BroadcastMethods.SendAsync(server, members[sent].RawHex, cancellation);
            if (outcome.IsDaemonAway) return RpcError.DaemonAway;
            refusal = outcome.Refusal;
            if (refusal is not null) break;
            sent++;
        }

        if (verbose) WriteReport(reply, members, sent, refusal);
        else if (refusal is null) reply.Raw("{\"success\":true}"u8);
        else WriteFailures(reply, [(members[sent].Txid.ToString(), refusal)]);
        return null;
    }

    /// <summary>In the form in which a daemon with packages reports.</summary>
    private static void WriteReport(ReplyWriter reply, IReadOnlyList<PackageMember> members, int sent, string? refusal)
    {
        reply.Raw("{\"package_msg\":"u8);
        reply.String(refusal is null ? Success : Failure);
        reply.Raw(",\"tx-results\":{"u8);
        for (int i = 0; i < members.Count; i++)
        {
            if (i > 0) reply.Raw((byte)',');
            reply.Hash(members[i].WitnessTxid);
            reply.Raw(":{\"txid\":"u8);
            reply.Hash(members[i].Txid);
            reply.Raw(",\"vsize\":"u8);
            reply.Integer(members[i].VirtualSize);
            if (i >= sent)
            {
                reply.Raw(",\"error\":"u8);
                reply.String(i == sent ? refusal! : NotSent);
            }

            reply.Raw((byte)'}');
        }

        reply.Raw("},\"replaced-transactions\":[]}"u8);
    }

    private static void WriteSummary(ReplyWriter reply, JsonElement report)
    {
        if (report.TryGetProperty("package_msg", out JsonElement message) && message.ValueEquals(Success))
        {
            reply.Raw("{\"success\":true}"u8);
            return;
        }

        var failures = new List<(string Txid, string Error)>();
        if (report.TryGetProperty("tx-results", out JsonElement results))
        {
            foreach (JsonProperty result in results.EnumerateObject())
            {
                if (result.Value.TryGetProperty("error", out JsonElement error) && result.Value.TryGetProperty("txid", out JsonElement txid))
                    failures.Add((txid.ToString(), error.ToString()));
            }
        }

        WriteFailures(reply, failures);
    }

    private static void WriteFailures(ReplyWriter reply, IReadOnlyList<(string Txid, string Error)> failures)
    {
        reply.Raw("{\"success\":false,\"errors\":["u8);
        for (int i = 0; i < failures.Count; i++)
        {
            reply.Raw(i == 0 ? "{\"txid\":"u8 : ",{\"txid\":"u8);
            reply.String(failures[i].Txid);
            reply.Raw(",\"error\":"u8);
            reply.String(failures[i].Error);
            reply.Raw((byte)'}');
        }

        reply.Raw("]}"u8);
    }

    private static void WriteAcceptance(ReplyWriter reply, MempoolAcceptance acceptance, PackageMember? member)
    {
        reply.Raw("{\"txid\":"u8);
        reply.Hash(acceptance.Txid);
        reply.Raw(",\"wtxid\":"u8);
        reply.Hash(acceptance.WitnessTxid ?? member?.WitnessTxid ?? acceptance.Txid);
        if (acceptance.IsAllowed is { } isAllowed)
        {
            reply.Raw(",\"allowed\":"u8);
            reply.Boolean(isAllowed);
        }

        if (acceptance.RejectReason is { } reason)
        {
            reply.Raw(",\"reason\":"u8);
            reply.String(reason);
        }

        reply.Raw((byte)'}');
    }

    private static RpcError Malformed(string why) => RpcError.BadRequest($"the tx package was rejected by network rules.\n\n{why}");
}
