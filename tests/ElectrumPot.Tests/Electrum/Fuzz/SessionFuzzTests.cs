// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Fuzz;

/// <summary>
/// A multitude of odd requests in sessions of all versions while the chain moves: each with an id gets its one
/// well-formed reply, or the session ends for a reason that was given; nothing throws and nothing is logged as wrong.
/// The variable <c>ELECTRUM_POT_FUZZ_SEED</c> repeats a run.
/// </summary>
public sealed class SessionFuzzTests
{
    private const int Requests = 200_000;
    private const int Workers = 16;
    private const int RequestsInSession = 400;
    private const int RequestsAtOnce = 40;
    private const int MaxSubscriptions = 5;
    private const int MaxRequestBytes = 200_000;

    private static readonly HashSet<string> Notifications =
    [
        "blockchain.numblocks.subscribe", "blockchain.headers.subscribe", "blockchain.address.subscribe", "blockchain.scripthash.subscribe",
        "blockchain.scriptpubkey.subscribe", "blockchain.outpoint.subscribe", "blockchain.transaction.subscribe", "server.ping",
    ];

    private int _results;
    private int _errors;
    private int _notifications;
    private int _fullSessions;

    [Fact]
    public async Task Every_request_with_an_id_gets_its_reply_or_the_session_a_clean_end()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("ELECTRUM_POT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"ELECTRUM_POT_FUZZ_SEED={seed}");
        await using TestSessions server = ConformanceServer.Start(hideRemoved: false, Harden, tip: 100);
        using var finished = new CancellationTokenSource();
        Task moving = MoveAsync(server, finished.Token);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => FuzzAsync(server, seed, worker))));
        string run = $"seed {seed}";
        server.Log.OwnErrors.ShouldBeEmpty(run);
        server.Chain.Failures.ShouldBeEmpty(run);
        // Replies that wait for the clock hold their sessions open: it has to go on until all have gone.
        await Poll.UntilAsync(() => server.Manager.Count == 0);
        await finished.CancelAsync();
        await moving;
        await Poll.UntilAsync(() => server.Chain.Leased == 0);
        server.Manager.SubscriptionCount.ShouldBe(0, run);

        // Otherwise the requests would be so odd, or so tame, that they prove little.
        TestContext.Current.TestOutputHelper?.WriteLine($"{_results} results, {_errors} errors, {_notifications} notifications, {_fullSessions} times all subscriptions taken");
        _results.ShouldBeGreaterThan(Requests / 4);
        _errors.ShouldBeGreaterThan(Requests / 4);
        _notifications.ShouldBeGreaterThan(0);
        _fullSessions.ShouldBeGreaterThan(0);
    }

    private static ElectrumOptions Harden(ElectrumOptions options) => options with
    {
        Limits = options.Limits with
        {
            MaxSubscriptions = MaxSubscriptions,
            MaxRequestBytes = MaxRequestBytes,
            // The clock of this test runs fast.
            Idle = TimeSpan.FromDays(365),
            SlowReader = TimeSpan.FromDays(365),
        },
    };

    /// <summary>Time passes, blocks come and go.</summary>
    private static async Task MoveAsync(TestSessions server, CancellationToken finished)
    {
        HashX script = HashX.OfScript(Convert.FromHexString(ConformanceChain.Script));
        for (int i = 0; !finished.IsCancellationRequested; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            if (i % 8 == 0) server.Chain.Publish(state => Move(state, script, i), script);
            await Task.Delay(4, CancellationToken.None);
        }
    }

    private static void Move(ScriptedState state, HashX script, int step)
    {
        if (state.Height > 110) state.RemoveBlock();
        else state.AddBlock(branch: (uint)step);
        state.Histories[script] = [.. ConformanceChain.History, new HistoryEntry(ScriptedChain.Hash(step), 0, 1)];
    }

    private async Task FuzzAsync(TestSessions server, int seed, int worker)
    {
        for (int number = worker, sent = 0; sent < Requests / Workers; number += Workers)
        {
            // A session depends on its own number only, so that it can be looked at alone.
            var random = new Random(unchecked(seed + (number * 7919)));
            sent += await RunSessionAsync(server, random, $"seed {seed}, session {number}");
        }
    }

    private async Task<int> RunSessionAsync(TestSessions server, Random random, string name)
    {
        var fuzzer = new RequestFuzzer(random);
        var oracle = new ReplyOracle();
        TestWallet wallet = server.Connect();
        string? version = random.Next(6) == 0 ? null : VersionMatrix.Versions[random.Next(VersionMatrix.Versions.Length)];
        if (version is not null) await wallet.NegotiateAsync(version);
        bool mayBeOld = version is not null && VersionMatrix.IndexOf(version) <= VersionMatrix.IndexOf("1.0");
        bool isOpen = true;
        int sent = 0;
        while (isOpen && sent < RequestsInSession)
        {
            int count = random.Next(1, RequestsAtOnce);
            byte[] lines = [.. Enumerable.Range(0, count).SelectMany(_ => (byte[])[.. fuzzer.Next(), (byte)'\n'])];
            foreach (Range line in lines.AsSpan().Split((byte)'\n'))
                oracle.Expect(lines.AsSpan(line));
            mayBeOld |= oracle.MayNegotiate;
            sent += count;
            for (int at = 0, length; at < lines.Length; at += length)
            {
                length = Math.Min(lines.Length - at, random.Next(1, 4000));
                await wallet.SendAsync(lines.AsMemory(at, length));
            }

            isOpen = await ReadRepliesAsync(wallet, oracle, mayBeOld, $"{name}\n{Encoding.UTF8.GetString(lines)}");
        }

        foreach (ElectrumPot.Electrum.Sessions.Session session in server.Manager.Sessions)
        {
            int subscriptions = session.Subscriptions;
            subscriptions.ShouldBeLessThanOrEqualTo(MaxSubscriptions, name);
            if (subscriptions == MaxSubscriptions) Interlocked.Increment(ref _fullSessions);
        }

        await wallet.HangUpAsync();
        return sent;
    }

    /// <returns>False when the server closed the connection.</returns>
    private async Task<bool> ReadRepliesAsync(TestWallet wallet, ReplyOracle oracle, bool mayBeOld, string run)
    {
        const string Mark = "\"the end\"";
        oracle.Owe(Mark);
        await wallet.SendAsync($$"""{"id":{{Mark}},"method":"server.banner"}""" + "\n");
        string last = "";
        bool isTold = false;
        while (oracle.Owed > 0)
        {
            if (await wallet.ReadBytesAsync() is not { } line)
            {
                (oracle.MayEnd || isTold).ShouldBeTrue($"{run}\nended after {last}");
                return false;
            }

            Utf8.IsValid(line).ShouldBeTrue(run);
            JsonElement answer = JsonElement.Parse(line);
            if (answer.ValueKind == JsonValueKind.Array) answer.GetArrayLength().ShouldBeGreaterThan(0, run);
            foreach (JsonElement message in answer.ValueKind == JsonValueKind.Array ? [.. answer.EnumerateArray()] : (JsonElement[])[answer])
            {
                if (IsNotification(message))
                {
                    Interlocked.Increment(ref _notifications);
                    continue;
                }

                Interlocked.Increment(ref message.TryGetProperty("result", out _) ? ref _results : ref _errors);
                last = message.GetRawText();
                string? id = IdOf(message, mayBeOld);
                isTold |= last.Contains("unsupported protocol version: ");
                if (id is null) throw new InvalidDataException($"Not well-formed: {last}\n{run}");
                if (!oracle.Settle(id)) throw new InvalidDataException($"Nobody asked for {last}\n{run}");
            }
        }

        return true;
    }

    private static bool IsNotification(JsonElement message)
    {
        if (!message.TryGetProperty("method", out JsonElement method)) return false;
        Shape.ShouldFit(message, "{jsonrpc:\"2.0\",method:str,params:[any...]}");
        Notifications.ShouldContain(method.GetString()!);
        return true;
    }

    /// <returns>Null when it is no reply that a strict wallet understands.</returns>
    private static string? IdOf(JsonElement reply, bool mayBeOld)
    {
        string? id = null, error = null;
        bool isMarked = false, hasResult = false, hasError = false, isBare = false;
        int members = 0;
        foreach (JsonProperty member in reply.EnumerateObject())
        {
            members++;
            switch (member.Name)
            {
                case "jsonrpc":
                    isMarked = member.Value.GetString() == "2.0";
                    break;
                case "id":
                    id = member.Value.GetRawText();
                    break;
                case "request" when member.Value.ValueKind == JsonValueKind.String:
                    // Old wallets get a malformed line back in place of its id.
                    id = "null";
                    break;
                case "result":
                    hasResult = true;
                    break;
                case "error":
                    hasError = true;
                    isBare = member.Value.ValueKind == JsonValueKind.String;
                    error = isBare ? member.Value.GetString() : Message(member.Value);
                    break;
                default:
                    return null;
            }
        }

        if (hasError && string.IsNullOrEmpty(error)) return null;
        if (isBare) return mayBeOld && members == 2 ? id : null;
        return members == 3 && isMarked && (hasResult ^ hasError) ? id : null;
    }

    /// <returns>Null for an error that is no error object, or that tells of a fault of the server.</returns>
    private static string? Message(JsonElement error) =>
        Shape.Mismatch("{code:int,message:str}", error) is null && error.GetProperty("code").GetInt32() != -32603 ? error.GetProperty("message").GetString() : null;
}
