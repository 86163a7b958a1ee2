// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

public sealed class SubscriptionLimitTests
{
    [Fact]
    public async Task A_session_has_its_bound_and_what_it_has_already_is_no_new_one()
    {
        await using TestSessions server = Start(new SessionLimits { MaxSubscriptions = 3 }, new AdmissionLimits());
        TestWallet wallet = server.Connect();
        for (int i = 0; i < 3; i++) await SubscribeAsync(wallet, i);
        await SubscribeAsync(wallet, 1);
        (await RefusedAsync(wallet, 3)).ShouldBe(4);
        await wallet.NegotiateAsync("1.4.2");
        await wallet.ResultAsync("blockchain.scripthash.unsubscribe", $"[\"{ScriptedChain.Hash(0)}\"]");
        await SubscribeAsync(wallet, 3);
        server.Log.Errors.Single().ShouldContain("limit=max_subscriptions peer=127.0.0.1:40000 address=127.0.0.1 value=4 allowed=3 action=refused");
    }

    [Fact]
    public async Task Sessions_of_one_address_share_a_bound_and_give_back_what_they_had()
    {
        await using TestSessions server = Start(new SessionLimits(), new AdmissionLimits { MaxSubscriptionsPerAddress = 3 });
        TestWallet one = server.Connect(address: "192.0.2.1");
        TestWallet two = server.Connect(address: "192.0.2.1");
        TestWallet elsewhere = server.Connect(address: "192.0.2.2");
        await SubscribeAsync(one, 0);
        await SubscribeAsync(one, 1);
        await SubscribeAsync(two, 0);
        (await RefusedAsync(two, 2)).ShouldBe(4);
        await SubscribeAsync(elsewhere, 2);
        await one.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 2);
        await SubscribeAsync(two, 2);
        await SubscribeAsync(two, 3);
        (await RefusedAsync(two, 4)).ShouldBe(4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_total_protects_memory_whatever_else(bool isDryRun)
    {
        await using TestSessions server = Start(
            new SessionLimits(), new AdmissionLimits { MaxSubscriptionsInAll = 2, MaxSubscriptionsPerAddress = 1, DryRun = isDryRun });
        TestWallet wallet = server.Connect(address: "192.0.2.1");
        await SubscribeAsync(wallet, 0);
        if (isDryRun) await SubscribeAsync(wallet, 1);
        else await SubscribeAsync(server.Connect(address: "192.0.2.9"), 1);
        (await RefusedAsync(server.Connect(address: "192.0.2.2"), 2)).ShouldBe(4);
        server.Log.Errors.ShouldContain(line => line.Contains("limit=max_subscriptions_in_all") && line.Contains("action=refused"));
    }

    /// <summary>What is kept is the text that the wallet wrote: 256 bytes of it are worth a subscription.</summary>
    [Theory]
    [InlineData("max_subscriptions", 12, 1_000, 1_000)]
    [InlineData("max_subscriptions_per_address", 1_000, 12, 1_000)]
    [InlineData("max_subscriptions_in_all", 1_000, 1_000, 12)]
    public async Task A_long_script_counts_as_several_subscriptions(string key, int own, int perAddress, int inAll)
    {
        await using TestSessions server = Start(
            new SessionLimits { MaxSubscriptions = own }, new AdmissionLimits { MaxSubscriptionsPerAddress = perAddress, MaxSubscriptionsInAll = inAll });
        TestWallet wallet = server.Connect(address: "192.0.2.1");
        await wallet.NegotiateAsync("1.7");
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", LongScript(1));
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", LongScript(2));
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", LongScript(2));
        (await wallet.ErrorAsync("blockchain.scriptpubkey.subscribe", LongScript(3))).Code.ShouldBe(4);
        server.Log.Errors.Single().ShouldContain($"limit={key} peer=192.0.2.1:40000 address=192.0.2.1 value=15 allowed=12 action=refused");
        await SubscribeAsync(wallet, 1);
        await SubscribeAsync(wallet, 2);
        (await RefusedAsync(wallet, 3)).ShouldBe(4);

        await wallet.ResultAsync("blockchain.scriptpubkey.unsubscribe", LongScript(1));
        await wallet.ResultAsync("blockchain.scriptpubkey.subscribe", LongScript(3));
        await wallet.HangUpAsync();
        await Poll.UntilAsync(() => server.Manager.Count == 0);
        server.Admission.SubscriptionTexts.Taken.ShouldBe(0);
        server.Manager.SubscriptionCount.ShouldBe(0);
    }

    /// <summary>1,024 bytes of text: five units with the subscription itself.</summary>
    private static string LongScript(int number) => $"[\"{number:x2}{new string('0', 1_022)}\"]";

    private static TestSessions Start(SessionLimits limits, AdmissionLimits admission) =>
        new(change: options => options with { Limits = limits, Admission = admission });

    private static async Task SubscribeAsync(TestWallet wallet, int script) =>
        (await wallet.ResultAsync("blockchain.scripthash.subscribe", $"[\"{ScriptedChain.Hash(script)}\"]")).ShouldBe("null");

    private static async Task<int> RefusedAsync(TestWallet wallet, int script) =>
        (await wallet.ErrorAsync("blockchain.scripthash.subscribe", $"[\"{ScriptedChain.Hash(script)}\"]")).Code;
}
