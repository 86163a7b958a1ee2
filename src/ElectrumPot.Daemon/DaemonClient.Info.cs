// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

public sealed partial class DaemonClient
{
    private const decimal UnitsPerCoin = 100_000_000m;

    // 0.8 has getinfo only, 0.9.5 has the first three, bitcoind and litecoind dropped getinfo.
    private static readonly string[] InfoMethods = ["getnetworkinfo", "getblockchaininfo", "getinfo", "getmempoolinfo"];

    private const string SmartFee = "estimatesmartfee";
    private const string PlainFee = "estimatefee";

    /// <summary>Version, peers, relay fee, warnings, from whichever calls this daemon has.</summary>
    public async Task<DaemonInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        var batch = new RpcBatch(InfoMethods.Length);
        foreach (string method in InfoMethods.Where(_link.Has))
            batch.Add(method);
        // A proxy in front of the daemon may let none of them through.
        List<JsonElement> parts = batch.Count == 0 ? [] : await AskAsync(batch, CallPriority.Interactive, ReadParts, cancellationToken);
        return new DaemonInfo
        {
            Version = Text(parts, "subversion") is { Length: > 0 } name ? name : ServerVersion() ?? VersionNumber(parts),
            Connections = Number(parts, "connections"),
            RelayFee = Amount(parts, "relayfee"),
            MempoolMinFee = Amount(parts, "mempoolminfee"),
            // The name changed when it moved from getnetworkinfo to getmempoolinfo.
            IncrementalRelayFee = Amount(parts, "incrementalrelayfee") ?? Amount(parts, "incrementalfee"),
            IsInitialDownload = Find(parts, "initialblockdownload") is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null,
            Blocks = Number(parts, "blocks"),
            Warnings = Text(parts, "warnings") ?? Text(parts, "errors") ?? "",
        };
    }

    /// <summary>The fee for confirmation within so many blocks, in the smallest unit per 1000 bytes; null if the daemon has no estimate.</summary>
    /// <param name="mode">Passed over by daemons that know one way only.</param>
    public async Task<long?> EstimateFeeAsync(int blocks, FeeEstimateMode mode, CancellationToken cancellationToken)
    {
        var batch = new RpcBatch(2);
        if (_link.Has(SmartFee))
        {
            if (mode == FeeEstimateMode.Default) batch.Add(SmartFee, blocks);
            else batch.Add(SmartFee, blocks, mode == FeeEstimateMode.Economical ? "ECONOMICAL" : "CONSERVATIVE");
        }

        if (_link.Has(PlainFee)) batch.Add(PlainFee, blocks);
        return batch.Count == 0 ? null : await AskAsync(batch, CallPriority.Interactive, ReadFee, cancellationToken);
    }

    private static long? ReadFee(RpcReply reply)
    {
        for (int i = 0; i < reply.Count; i++)
        {
            if (reply.ErrorOf(i) is not null) continue;
            JsonElement answer = reply.Value(i);
            if (answer.ValueKind == JsonValueKind.Object)
                answer = answer.TryGetProperty("feerate", out JsonElement rate) ? rate : default;
            // -1 says that there is no estimate.
            if (answer.ValueKind == JsonValueKind.Number && ToUnits(answer) is > 0 and var fee)
                return fee;
        }

        return null;
    }

    private static List<JsonElement> ReadParts(RpcReply reply)
    {
        var parts = new List<JsonElement>();
        for (int i = 0; i < reply.Count; i++)
        {
            if (reply.ErrorOf(i) is null)
                parts.Add(reply.Object(i));
        }

        if (parts.Count == 0)
            reply.ThrowIfError(0);
        return parts;
    }

    /// <summary>From "potcoin-json-rpc/v0.8.7.2-g353b9a5-POSv" what follows the slash.</summary>
    private string? ServerVersion() =>
        _link.ServerName is { } name && name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? name[(slash + 1)..] : null;

    /// <summary>80702 is 0.8.7.2.</summary>
    private static string VersionNumber(List<JsonElement> parts) =>
        Number(parts, "version") is { } number
            ? $"{number / 1_000_000}.{number / 10_000 % 100}.{number / 100 % 100}.{number % 100}"
            : "unknown";

    private static JsonElement? Find(List<JsonElement> parts, string key)
    {
        foreach (JsonElement part in parts)
        {
            if (part.TryGetProperty(key, out JsonElement value))
                return value;
        }

        return null;
    }

    private static int? Number(List<JsonElement> parts, string key) =>
        Find(parts, key) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int value) ? value : null;

    private static long? Amount(List<JsonElement> parts, string key) =>
        Find(parts, key) is { ValueKind: JsonValueKind.Number } coins ? ToUnits(coins) : null;

    /// <summary>A text, or the texts of an array: warnings became a list in later versions.</summary>
    private static string? Text(List<JsonElement> parts, string key) => Find(parts, key) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } texts => string.Join("; ", texts.EnumerateArray().Select(text => text.ToString())),
        _ => null,
    };

    private static long? ToUnits(JsonElement coins) =>
        coins.TryGetDecimal(out decimal value) && Math.Abs(value) < long.MaxValue / UnitsPerCoin ? (long)decimal.Round(value * UnitsPerCoin) : null;
}
