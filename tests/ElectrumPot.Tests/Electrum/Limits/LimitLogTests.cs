// SPDX-License-Identifier: MIT

using System.Net;
using System.Text.RegularExpressions;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

public sealed class LimitLogTests
{
    private static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.7"), 4711);

    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();

    [Fact]
    public void The_line_has_one_form_and_repeats_every_ten_seconds_with_the_number_left_out()
    {
        var limits = new LimitLog(isDryRun: false, _time, _log);
        for (int i = 0; i < 5; i++)
            limits.Exceeded(Limit.RequestsPerSecond, Peer, 100 + i, 99, LimitAction.Slowed).ShouldBeTrue();
        _log.Errors.Single().ShouldBe("limit exceeded limit=requests_per_second peer=192.0.2.7:4711 address=192.0.2.7 value=100 allowed=99 action=slowed suppressed=0 ");
        _time.Advance(LimitLog.RepeatAfter);
        limits.Exceeded(Limit.RequestsPerSecond, Peer, 1, 2, LimitAction.Slowed);
        _log.Errors.Last().ShouldEndWith("value=1 allowed=2 action=slowed suppressed=4 ");
        limits.Counts.Single(count => count.Key == "requests_per_second").ShouldBe(new LimitCount("requests_per_second", 6, 6));
        limits.UnloggedLines.ShouldBe(4);
    }

    [Fact]
    public void Another_limit_or_another_address_has_a_line_of_its_own()
    {
        var limits = new LimitLog(isDryRun: false, _time, _log);
        limits.Exceeded(Limit.RequestsPerSecond, Peer, 1, 1, LimitAction.Slowed);
        limits.Exceeded(Limit.MaxSlowed, Peer, 1, 1, LimitAction.Closed);
        limits.Exceeded(Limit.MaxSlowed, new IPEndPoint(IPAddress.Parse("2001:db8::5"), 1), 1, 1, LimitAction.Closed);
        limits.Exceeded(Limit.MaxSlowed, new IPEndPoint(IPAddress.Parse("2001:db8::6"), 1), 1, 1, LimitAction.Closed);
        _log.Errors.Count().ShouldBe(3);
        _log.Errors.Last().ShouldContain("peer=[2001:db8::5]:1 address=2001:db8::5 ");
    }

    [Fact]
    public void A_dry_run_enforces_only_what_protects_memory()
    {
        var limits = new LimitLog(isDryRun: true, _time, _log);
        foreach (Limit limit in Enum.GetValues<Limit>())
            limits.Exceeded(limit, Peer, 1, 1, LimitAction.Closed).ShouldBe(limit.IsAlwaysEnforced);
        _log.Errors.Count(line => line.Contains("action=would-close")).ShouldBe(Enum.GetValues<Limit>().Count(limit => !limit.IsAlwaysEnforced));
        limits.Counts.Where(count => count.Enforced == 0).Select(count => count.Key).ShouldContain("requests_per_second");
        limits.Counts.ShouldAllBe(count => count.Exceeded == 1);
    }

    [Fact]
    public void Nobody_can_fill_the_disk_or_the_memory()
    {
        var limits = new LimitLog(isDryRun: false, _time, _log);
        for (int i = 0; i < 30_000; i++)
            limits.Exceeded(Limit.MaxSessions, new IPEndPoint(new IPAddress(i), 1), 1, 1, LimitAction.Refused);
        _log.Errors.Count().ShouldBe(LimitLog.MaxLinesAtOnce);
        limits.UnloggedLines.ShouldBe(30_000 - LimitLog.MaxLinesAtOnce);
        _time.Advance(TimeSpan.FromSeconds(60));
        limits.Sweep();
        _log.Errors.Last().ShouldStartWith($"limits were exceeded {30_000 - LimitLog.MaxLinesAtOnce} more times in the last 60 s");
        limits.Exceeded(Limit.MaxSessions, Peer, 1, 1, LimitAction.Refused);
        _log.Errors.Last().ShouldContain("address=192.0.2.7");
    }

    /// <summary>The expression that the documentation gives to operators, with what fail2ban puts for the host.</summary>
    [Theory]
    [InlineData("192.0.2.7", "refused", true)]
    [InlineData("2001:db8::7", "closed", true)]
    [InlineData("192.0.2.7", "slowed", false)]
    public void The_documented_fail2ban_expression_finds_the_address(string address, string done, bool isFound)
    {
        LimitAction action = Enum.GetValues<LimitAction>().Single(action => action.Done == done);
        new LimitLog(isDryRun: false, _time, _log).Exceeded(Limit.MaxSessionsPerAddress, new IPEndPoint(IPAddress.Parse(address), 5), 3, 2, action);
        Match match = Fail2Ban().Match($"2026-11-21 10:00:00.000 +00:00 WRN {_log.Errors.Single().TrimEnd()}");
        match.Success.ShouldBe(isFound);
        if (isFound) match.Groups["host"].Value.ShouldBe(address);
    }

    /// <summary>What an address did by itself, not what others left it no room for, nor what a slow line does.</summary>
    [Fact]
    public void The_documented_fail2ban_expression_bans_nobody_for_what_others_do()
    {
        Limit[] own =
        [
            Limit.MaxSessionsPerAddress, Limit.RequestsPerSecond, Limit.AddressRequestsPerSecond, Limit.MaxSlowed,
            Limit.MaxRequest, Limit.MaxBatch, Limit.MaxPending, Limit.FirstRequest,
        ];
        var limits = new LimitLog(isDryRun: false, _time, _log);
        foreach (Limit limit in Enum.GetValues<Limit>())
        {
            limits.Exceeded(limit, Peer, 3, 2, LimitAction.Closed);
            Fail2Ban().IsMatch(_log.Errors.Last()).ShouldBe(own.Contains(limit), limit.Key);
        }
    }

    [Fact]
    public void Every_limit_has_its_key_in_the_configuration()
    {
        string[] keys = [.. LimitsSection.All.Select(option => option.Key), ServerSection.TrustedProxies.Key];
        Enum.GetValues<Limit>().Select(limit => limit.Key).Except(keys).ShouldBeEmpty();
        Enum.GetValues<Limit>().Select(limit => limit.Key).ShouldBeUnique();
    }

    /// <summary>The page lists what a dry run enforces, and that is what it enforces.</summary>
    [Theory]
    [MemberData(nameof(Keys))]
    public void A_dry_run_enforces_what_its_documentation_says(string key)
    {
        string page = File.ReadAllText(Repository.PathOf("docs/limits.md"));
        string dryRun = page[page.IndexOf("## Dry run", StringComparison.Ordinal)..page.IndexOf("## The log", StringComparison.Ordinal)];
        bool isListed = dryRun.Contains($"`{key}`", StringComparison.Ordinal) || (key == "trusted_proxies" && dryRun.Contains("the word of a trusted proxy", StringComparison.Ordinal));
        Limit limit = Enum.GetValues<Limit>().Single(limit => limit.Key == key);
        new LimitLog(isDryRun: true, _time, _log).Exceeded(limit, Peer, 3, 2, LimitAction.Closed).ShouldBe(isListed);
        _log.Errors.Single().ShouldContain(isListed ? "action=closed " : "action=would-close ");
    }

    public static TheoryData<string> Keys => [.. Enum.GetValues<Limit>().Select(limit => limit.Key)];

    [Fact]
    public void The_fail2ban_expression_bans_nobody_in_a_dry_run()
    {
        new LimitLog(isDryRun: true, _time, _log).Exceeded(Limit.MaxSessionsPerAddress, Peer, 3, 2, LimitAction.Refused);
        Fail2Ban().IsMatch(_log.Errors.Single()).ShouldBeFalse();
    }

    private static Regex Fail2Ban()
    {
        string line = File.ReadLines(Repository.PathOf("docs/limits.md")).Single(line => line.StartsWith("    failregex = ", StringComparison.Ordinal));
        return new Regex(line[(line.IndexOf('=') + 1)..].Trim().Replace("<HOST>", @"(?<host>[0-9A-Fa-f:.]+)"));
    }
}
