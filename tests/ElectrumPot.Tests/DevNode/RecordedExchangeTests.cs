// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.RegularExpressions;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Simulation;

/// <summary>
/// Requests recorded with real nodes, sent to the simulation of that version: status line, headers, end of the
/// connection and errors have to be the same, and results of the same shape (the chains differ).
/// </summary>
public sealed partial class RecordedExchangeTests
{
    /// <summary>Calls that need the recorded chain, or that only a wallet or a miner makes.</summary>
    private static readonly string[] NotReplayed =
    [
        "gettxoutsetinfo", "getblocktemplate", "getwalletinfo", "getnettotals", "validateaddress", "decoderawtransaction",
        "stale-", "getrawmempool-after", "getrawmempool-true", "getpeerinfo", "help",
        "gettxout.", "gettxout-1.",
        // These depend on the outputs of the recorded chain; TransactionSubmissionTests makes such cases anew.
        "sendraw-ok", "sendraw-already", "sendraw-double", "sendraw-outputs", "sendraw-huge", "sendraw-zero", "sendraw-dust", "sendraw-trailing",
        "sendraw-nonstandard", "sendraw-coinbase", "sendraw-coinstake", "sendraw-ntime",
    ];

    [Theory]
    [InlineData(DevNodeVersion.Pow0864, "0.8.6.4", 84)]
    [InlineData(DevNodeVersion.Posv0872, "0.8.7.2", 100)]
    [InlineData(DevNodeVersion.Og0950, "0.9.5.0", 102)]
    public async Task Recorded_requests_get_recorded_manners(DevNodeVersion version, string folder, int requests)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using DevNode node = await DevNode.StartAsync(
            new DevNodeOptions
            {
                Version = version, BlockCount = 50, LastPowHeight = 25, LargeBlockTransactions = 0, SlowWrites = false, Password = "short", RpcThreads = 4,
            },
            cancellationToken);
        node.AddRandomTransactions(3);
        var substitutes = new Substitutes(node);

        int replayed = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data", "rpc-samples", folder), "*.json").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (NotReplayed.Any(skipped => (name + ".").Contains(skipped, StringComparison.Ordinal))) continue;
            JsonElement sample = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken)).RootElement;
            await ReplayAsync(node, sample, substitutes, $"{folder}/{name}", cancellationToken);
            replayed++;
        }

        replayed.ShouldBe(requests);
    }

    private static async Task ReplayAsync(DevNode node, JsonElement sample, Substitutes substitutes, string name, CancellationToken cancellationToken)
    {
        JsonElement request = sample.GetProperty("request");
        JsonElement expected = sample.GetProperty("response");
        List<KeyValuePair<string, string>> headers = [];
        foreach (JsonProperty header in request.GetProperty("headers").EnumerateObject())
        {
            if (header.Name is "Connection" or "Expect" or "Accept-Encoding" or "Transfer-Encoding" or "Content-Type")
                headers.Add(new(header.Name, header.Value.GetString()!));
        }

        if (name.Contains("bad-password", StringComparison.Ordinal))
            headers.Add(new("Authorization", RawHttp.Basic(node.Options.User, "wrong")));
        if (name.Contains("no-auth", StringComparison.Ordinal))
            headers.Add(new("Authorization", ""));

        string body = substitutes.Apply(request.GetProperty("body").GetString()!);
        using RawHttp http = await RawHttp.ConnectAsync(node, cancellationToken);
        RawReply reply = await http.SendAsync(request.GetProperty("line").GetString()!, headers, body, cancellationToken);

        string? statusLine = expected.GetProperty("status_line").GetString();
        reply.StatusLine.ShouldBe(statusLine ?? "", name + " " + reply.Body);
        bool closes = sample.GetProperty("server_closed_connection").GetBoolean();
        (await http.IsClosedAsync(closes ? TimeSpan.FromSeconds(20) : TimeSpan.FromMilliseconds(5), cancellationToken)).ShouldBe(closes, name);
        if (statusLine is null) return;

        List<string[]> expectedHeaders = [.. expected.GetProperty("headers").EnumerateArray().Select(header => header.GetString()!.Split(": ", 2))];
        reply.Headers.Select(header => header.Key).ShouldBe(expectedHeaders.Select(header => header[0]), name);
        foreach (string[] header in expectedHeaders.Where(header => header[0] is "Connection" or "Content-Type" or "WWW-Authenticate"))
            reply.Header(header[0]).ShouldBe(header[1], name);
        reply.Header("Server")!.ShouldStartWith("potcoin-json-rpc/v");

        string expectedBody = expected.GetProperty("body").GetString()!;
        if (!expectedBody.StartsWith('{') && !expectedBody.StartsWith('['))
            reply.Body.ShouldBe(expectedBody, name);
        else
            ShapeOf(reply.Body).ShouldBe(ShapeOf(expectedBody), name);
        reply.Body.EndsWith('\n').ShouldBe(expectedBody.EndsWith('\n'), name);
    }

    /// <summary>
    /// JSON text with the values of results masked, so that keys, their order and repetition, types, and the notation of
    /// numbers remain, and with errors untouched.
    /// </summary>
    private static string ShapeOf(string body)
    {
        if (body.Contains("\"code\":", StringComparison.Ordinal) && !body.StartsWith('['))
            return HelpText().Replace(body, "\"message\":\"(help)\"");
        string masked = Hashes().Replace(body, "\"#\"");
        masked = HexArray().Replace(masked, "[\"#\"]");
        masked = Decimals().Replace(masked, "0.00000000");
        masked = Integers().Replace(masked, ":0");
        masked = Strings().Replace(masked, "\"$1\":\"\"");
        masked = ScriptObjects().Replace(masked, "{script}");
        masked = ListedObjects().Replace(masked, "$1[{...}]");
        // No block of the simulation is known by these, and its wallet holds nothing.
        return masked.Replace("true", "false", StringComparison.Ordinal);
    }

    [GeneratedRegex("\"message\":\"getblockhash .*\"(?=\\},\"id\")")]
    private static partial Regex HelpText();

    [GeneratedRegex("\"[0-9a-f]{16,}\"")]
    private static partial Regex Hashes();

    [GeneratedRegex("\\[\"#\"(,\"#\")*\\]")]
    private static partial Regex HexArray();

    [GeneratedRegex("(?<=[:\\[,])-?[0-9]+\\.[0-9]{8}")]
    private static partial Regex Decimals();

    [GeneratedRegex(":-?[0-9]+(?=[,}])")]
    private static partial Regex Integers();

    [GeneratedRegex("\"(timestamp|bits|asm|hex|modifier|modifierchecksum|flags|errors|coinbase)\":\"[^\"]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex("\\{\"asm\":\"\",\"hex\":\"\"[^}]*\\}")]
    private static partial Regex ScriptObjects();

    [GeneratedRegex("(\"vin\":|\"vout\":)\\[\\{.*?\\}\\](?=,\"(vout|blockhash)|\\})")]
    private static partial Regex ListedObjects();

    /// <summary>Hashes and heights of the recorded chain, replaced by their like of the simulated one.</summary>
    private sealed partial class Substitutes(DevNode node)
    {
        private static readonly Dictionary<string, string> KnownBlocks = LoadKnown();

        public string Apply(string body)
        {
            DevBlock work = node.Chain.BlockAt(5);
            DevBlock stake = node.Chain.Tip;
            body = TipHeights().Replace(body, match => match.Groups[1].Value switch
            {
                "494" or "488" or "310" => $"\"params\": [{node.Chain.Height}]",
                _ => $"\"params\": [{node.Chain.Height + 1}]",
            });
            return Ids().Replace(body, match => KnownBlocks.GetValueOrDefault(match.Value) switch
            {
                "pow" => work.Hash.ToString(),
                "pos" => (node.Options.Version == DevNodeVersion.Pow0864 ? work : stake.IsProofOfStake ? node.Chain.BlockAt(node.Chain.Height - 1) : work).Hash.ToString(),
                "tx-coinbase" => work.Transactions[0].Txid.ToString(),
                "tx-pos-coinbase" => node.Chain.BlockAt(node.Chain.Height - 1).Transactions[0].Txid.ToString(),
                "tx-coinstake" => node.Chain.BlockAt(node.Chain.Height - 1).Transactions[1].Txid.ToString(),
                "tx" => node.Chain.Blocks.Last(block => block.Transactions.Count > 2).Transactions[^1].Txid.ToString(),
                "tx-mempool" => node.Mempool.Entries[0].Transaction.Txid.ToString(),
                _ => match.Value,
            });
        }

        private static Dictionary<string, string> LoadKnown()
        {
            var known = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data", "rpc-samples"), "*.json", SearchOption.AllDirectories))
            {
                string name = Path.GetFileName(file);
                string? kind = name switch
                {
                    _ when name.Contains("genesis", StringComparison.Ordinal) || name.Contains("unknown", StringComparison.Ordinal) => null,
                    _ when name.Contains("getblock-pow", StringComparison.Ordinal) => "pow",
                    _ when name.Contains("getblock-pos", StringComparison.Ordinal) => "pos",
                    _ when name.Contains("pos-coinbase", StringComparison.Ordinal) => "tx-pos-coinbase",
                    _ when name.Contains("coinstake", StringComparison.Ordinal) => "tx-coinstake",
                    _ when name.Contains("getrawtransaction-mempool", StringComparison.Ordinal) => "tx-mempool",
                    _ when name.Contains("coinbase", StringComparison.Ordinal) => "tx-coinbase",
                    _ when name.Contains("getrawtransaction", StringComparison.Ordinal) => "tx",
                    _ => null,
                };
                if (kind is null) continue;
                using JsonDocument sample = JsonDocument.Parse(File.ReadAllBytes(file));
                Match id = Ids().Match(sample.RootElement.GetProperty("request").GetProperty("body").GetString()!);
                if (id.Success)
                    known[id.Value] = kind;
            }

            return known;
        }

        [GeneratedRegex("(?<=\")[0-9a-f]{64}(?=\")")]
        private static partial Regex Ids();

        [GeneratedRegex("\"params\": \\[(494|495|488|489|310|311)\\]")]
        private static partial Regex TipHeights();
    }
}
