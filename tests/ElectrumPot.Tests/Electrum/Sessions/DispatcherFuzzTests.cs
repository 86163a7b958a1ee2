// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

/// <summary>
/// Random and mutated requests: each gets one well-formed reply or ends the session cleanly; nothing throws.
/// </summary>
public sealed class DispatcherFuzzTests
{
    private const int Requests = 20_000;
    private const int Sessions = 20;

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "100", "101", "2016", "2147483647", "2147483648", "1e3", "1.5", "-0", "1e999",
        "\"\"", "\"x\"", "\"1.4\"", "\"0.9\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[[]]", "[\"1.4\",\"1.6\"]", "{\"height\":1}",
        $"\"{Vectors.P2PkhScriptHash}\"", $"\"{Vectors.Address}\"", $"\"{ScriptedChain.Hash(1)}\"", "\"0100000000000000000000\"",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ];

    [Fact]
    public async Task Every_request_gets_a_well_formed_reply_or_a_clean_end()
    {
        // The clock moves fast here.
        await using var server = new TestSessions(change: options => options with { Limits = options.Limits with { Request = TimeSpan.FromDays(1), FirstRequest = TimeSpan.FromDays(1) } });
        server.Chain.Change(state =>
        {
            state.Add(Vectors.P2Pkh, new HistoryEntry(ScriptedChain.Hash(1), 7));
            state.Txids[(7, 0)] = ScriptedChain.Hash(1);
        });
        server.Daemon.Transactions[ScriptedChain.Hash(1)] = [1, 2, 3];
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(seed => FuzzAsync(server, seed)));
        server.Log.Errors.ShouldBeEmpty();
        server.Chain.Failures.ShouldBeEmpty();
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
    }

    private static async Task FuzzAsync(TestSessions server, int seed)
    {
        var random = new Random(seed);
        string[] methods = [.. MethodTable.All.Methods.Select(method => method.Name).Order(StringComparer.Ordinal), "no.such", ""];
        TestWallet wallet = server.Connect();
        int sent = 0;
        while (sent < Requests / Sessions)
        {
            int burst = random.Next(1, 20);
            for (int i = 0; i < burst; i++)
            {
                await wallet.SendAsync(MakeLine(random, methods));
                await wallet.SendAsync("\n");
            }

            sent += burst;
            string mark = $"\"mark {sent}\"";
            await wallet.SendLineAsync($$"""{"id":{{mark}},"method":"server.ping"}""");
            if (!await ReadToAsync(wallet, mark)) wallet = server.Connect();
            server.Time.Advance(TimeSpan.FromMilliseconds(1500));
        }

        await wallet.HangUpAsync();
    }

    /// <returns>False when the server closed the connection.</returns>
    private static async Task<bool> ReadToAsync(TestWallet wallet, string mark)
    {
        while (await wallet.ReadLineAsync() is { } line)
        {
            JsonElement answer = JsonElement.Parse(line);
            JsonElement[] replies = answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : [answer];
            replies.ShouldNotBeEmpty();
            foreach (JsonElement reply in replies)
                ShouldBeWellFormed(reply, line);
            if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("id", out JsonElement id) && id.GetRawText() == mark) return true;
        }

        return false;
    }

    private static void ShouldBeWellFormed(JsonElement reply, string line)
    {
        if (reply.TryGetProperty("error", out JsonElement text) && text.ValueKind == JsonValueKind.String)
        {
            // A session that has agreed on 1.0 or older gets errors as 2014 wrote them.
            (reply.TryGetProperty("id", out _) ^ reply.TryGetProperty("request", out _)).ShouldBeTrue(line);
            reply.EnumerateObject().Count().ShouldBe(2, line);
            return;
        }

        reply.GetProperty("jsonrpc").GetString().ShouldBe("2.0", line);
        reply.TryGetProperty("id", out _).ShouldBeTrue(line);
        bool hasResult = reply.TryGetProperty("result", out _);
        bool hasError = reply.TryGetProperty("error", out JsonElement error);
        (hasResult ^ hasError).ShouldBeTrue(line);
        reply.EnumerateObject().Count().ShouldBe(3, line);
        if (!hasError) return;
        error.GetProperty("code").GetInt32().ShouldNotBe(-32603, line);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty(line);
    }

    private static string MakeLine(Random random, string[] methods)
    {
        string line = random.Next(20) switch
        {
            0 => RandomText(random),
            1 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => MakeRequest(random, methods)))}]",
            _ => MakeRequest(random, methods),
        };
        return random.Next(4) == 0 ? Mutate(random, line) : line;
    }

    private static string MakeRequest(Random random, string[] methods)
    {
        string id = random.Next(10) == 0 ? Values[random.Next(Values.Length)] : $"{random.Next(1_000_000)}";
        string method = methods[random.Next(methods.Length)];
        string arguments = random.Next(8) switch
        {
            0 => "",
            1 => $",\"params\":{Values[random.Next(Values.Length)]}",
            2 => $",\"params\":{{\"height\":{Values[random.Next(Values.Length)]},\"scripthash\":{Values[random.Next(Values.Length)]}}}",
            _ => $",\"params\":[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => Values[random.Next(Values.Length)]))}]",
        };
        return $"{{\"id\":{id},\"method\":\"{method}\"{arguments}}}";
    }

    private static string Mutate(Random random, string line)
    {
        var text = new StringBuilder(line);
        for (int i = random.Next(1, 4); i > 0 && text.Length > 0; i--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, 1);
                    break;
                case 1:
                    text.Insert(at, RandomText(random));
                    break;
                case 2:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    text.Length = at;
                    break;
            }
        }

        return text.Replace("\n", " ").ToString();
    }

    private static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => "{}[]\",:\\u0 tfn15ä€".ElementAt(random.Next(17))));
}
