// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Text;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

/// <summary>
/// Wallets that behave as the real ones do, while the chain changes all the time: whatever the moment, no wallet sees a
/// list that does not belong to the status it was told, and in the end each knows the truth.
/// </summary>
public sealed class WalletConsistencyTests
{
    private const int Changes = 400;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("1.4", 1)]
    [InlineData("1.4", 2)]
    [InlineData("0.9", 3)]
    [InlineData("0.9", 4)]
    public async Task No_list_is_seen_without_its_status_and_the_last_one_is_true(string version, int seed)
    {
        await using var server = new TestSessions();
        var wallets = new List<FollowingWallet>();
        for (int i = 0; i < 4; i++)
        {
            var wallet = new FollowingWallet(server.Connect(), isLegacy: version == "0.9");
            await wallet.StartAsync(version);
            wallets.Add(wallet);
        }

        using var done = new CancellationTokenSource(Deadline);
        Task[] following = [.. wallets.Select(wallet => Task.Run(() => wallet.FollowAsync(), done.Token))];
        await ChangeAsync(server, new Random(seed));
        // The server's clock keeps to the real one: what it grants a slow wallet has to be enough for these.
        var clock = Stopwatch.StartNew();
        string? truth = FollowingWallet.StatusOf(server.Chain.State.Histories.GetValueOrDefault(Vectors.P2Pkh, []));
        while (!wallets.TrueForAll(wallet => wallet.KnownStatus == truth) && !Array.Exists(following, task => task.IsCompleted))
        {
            done.Token.ThrowIfCancellationRequested();
            await Task.Delay(10, done.Token);
            server.Time.Advance(clock.Elapsed);
            clock.Restart();
        }

        foreach (FollowingWallet wallet in wallets)
            await wallet.HangUpAsync();
        await Task.WhenAll(following);
        wallets.ShouldAllBe(wallet => wallet.KnownStatus == truth);
        server.Log.Errors.ShouldBeEmpty();
    }

    private static async Task ChangeAsync(TestSessions server, Random random)
    {
        for (int i = 0; i < Changes; i++)
        {
            int txid = i;
            server.Chain.Publish(state =>
            {
                List<HistoryEntry> history = state.Histories.GetValueOrDefault(Vectors.P2Pkh, []);
                switch (random.Next(4))
                {
                    case 0 when history.Count > 0:
                        history = history[..^1];
                        break;
                    case 1:
                        state.AddBlock((uint)random.Next());
                        break;
                    default:
                        history = [.. history, new HistoryEntry(ScriptedChain.Hash(txid), random.Next(-1, 100), 5)];
                        break;
                }

                state.Histories[Vectors.P2Pkh] = history;
            }, Vectors.P2Pkh);
            if (random.Next(3) == 0) await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The synchronisers of Electrum-POT 1.9.8.1 and of Electrum 4, reduced to what decides whether they live.</summary>
    private sealed class FollowingWallet(TestWallet connection, bool isLegacy)
    {
        private readonly string _family = isLegacy ? "address" : "scripthash";
        private readonly string _argument = isLegacy ? Vectors.Address : Vectors.P2PkhScriptHash;
        private string? _announced;
        private string? _requested;
        private bool _isRequesting;
        private int _tip = -1;

        public string? KnownStatus { get; private set; }

        public async Task StartAsync(string version)
        {
            await connection.NegotiateAsync(version);
            await connection.ResultAsync("blockchain.headers.subscribe");
            await connection.SendLineAsync($$"""{"id":"subscribe","method":"blockchain.{{_family}}.subscribe","params":["{{_argument}}"]}""");
        }

        public ValueTask HangUpAsync() => connection.HangUpAsync();

        public async Task FollowAsync()
        {
            while (await connection.ReadLineAsync() is { } line)
            {
                JsonElement message = JsonElement.Parse(line);
                if (message.TryGetProperty("id", out JsonElement id))
                    await OnReplyAsync(id.GetString()!, message.GetProperty("result"));
                else if (message.GetProperty("method").GetString() == "blockchain.headers.subscribe")
                    OnTip(message.GetProperty("params")[0]);
                else
                    await OnStatusAsync(message.GetProperty("params")[1].GetString());
            }
        }

        public static string? StatusOf(IReadOnlyList<HistoryEntry> history)
        {
            if (StatusHash.Compute(history) is not { } status) return null;
            var hex = new byte[Hash256.HexLength];
            Hex.Encode(status.Bytes, hex);
            return System.Text.Encoding.ASCII.GetString(hex);
        }

        private async Task OnReplyAsync(string id, JsonElement result)
        {
            if (id == "subscribe")
            {
                await OnStatusAsync(result.GetString(), isFirst: true);
                return;
            }

            string? status = StatusOf([.. result.EnumerateArray().Select(ToEntry)]);
            _isRequesting = false;
            if (isLegacy)
            {
                // The 2014 wallet compares with the status for which it asked, and dies.
                status.ShouldBe(_requested);
            }
            else
            {
                status.ShouldBe(_announced);
            }

            KnownStatus = status;
        }

        private async Task OnStatusAsync(string? status, bool isFirst = false)
        {
            if (!isFirst) status.ShouldNotBe(_announced, "told twice");
            _announced = status;
            if (status == KnownStatus || (isLegacy && _isRequesting)) return;
            _requested = status;
            _isRequesting = true;
            await connection.SendLineAsync($$"""{"id":"history","method":"blockchain.{{_family}}.get_history","params":["{{_argument}}"]}""");
        }

        private void OnTip(JsonElement header)
        {
            int height = header.GetProperty(isLegacy ? "block_height" : "height").GetInt32();
            height.ShouldBeGreaterThanOrEqualTo(_tip);
            _tip = height;
        }

        private static HistoryEntry ToEntry(JsonElement entry) => new(
            Hash256.Parse(entry.GetProperty("tx_hash").GetString()!), entry.GetProperty("height").GetInt32());
    }
}
