// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

public sealed class AdmissionTests
{
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();

    [Fact]
    public void Sessions_of_one_address_are_counted_refused_and_given_back()
    {
        Admission admission = Make(new AdmissionLimits { MaxSessionsPerAddress = 3 });
        AdmissionTicket[] tickets = [.. Enumerable.Range(0, 3).Select(_ => Enter(admission, "192.0.2.1")!)];
        tickets.ShouldAllBe(ticket => ticket != null);
        Enter(admission, "192.0.2.1").ShouldBeNull();
        Enter(admission, "192.0.2.2").ShouldNotBeNull();
        _log.Errors.Single().ShouldStartWith("limit exceeded limit=max_sessions_per_address peer=192.0.2.1:5000 address=192.0.2.1 value=4 allowed=3 action=refused suppressed=0");

        tickets[0].Dispose();
        tickets[0].Dispose();
        Enter(admission, "192.0.2.1").ShouldNotBeNull();
        Enter(admission, "192.0.2.1").ShouldBeNull();
        admission.Sessions.ShouldBe(4);
    }

    [Fact]
    public void An_ipv6_host_cannot_come_from_many_addresses()
    {
        Admission admission = Make(new AdmissionLimits { MaxSessionsPerAddress = 2 });
        Enter(admission, "2001:db8::1").ShouldNotBeNull();
        Enter(admission, "2001:db8::2").ShouldNotBeNull();
        Enter(admission, "2001:db8::3").ShouldBeNull();
        Enter(admission, "2001:db8:0:1::1").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("192.0.2.{0}", "192.0.3.1")]
    [InlineData("2001:db8:5:{0}::1", "2001:db8:6::1")]
    public void Sessions_of_one_subnet_are_counted(string inSubnet, string elsewhere)
    {
        Admission admission = Make(new AdmissionLimits { MaxSessionsPerSubnet = 5 });
        AdmissionTicket?[] tickets = [.. Enumerable.Range(1, 6).Select(i => Enter(admission, string.Format(CultureInfo.InvariantCulture, inSubnet, i)))];
        tickets.Count(ticket => ticket is not null).ShouldBe(5);
        tickets[5].ShouldBeNull();
        Enter(admission, elsewhere).ShouldNotBeNull();
        tickets[0]!.Dispose();
        Enter(admission, string.Format(CultureInfo.InvariantCulture, inSubnet, 9)).ShouldNotBeNull();
        _log.Errors.Single().ShouldContain("limit=max_sessions_per_subnet");
    }

    [Fact]
    public void The_total_holds_for_everybody_and_in_a_dry_run_too()
    {
        Admission admission = Make(new AdmissionLimits { MaxSessions = 2, DryRun = true });
        Enter(admission, "127.0.0.1").ShouldNotBeNull();
        AdmissionTicket last = Enter(admission, "192.0.2.1")!;
        Enter(admission, "127.0.0.1").ShouldBeNull();
        _log.Errors.Single().ShouldContain("limit=max_sessions peer=127.0.0.1:5000 address=127.0.0.1 value=3 allowed=2 action=refused");
        last.Dispose();
        Enter(admission, "192.0.2.9").ShouldNotBeNull();
    }

    [Fact]
    public void A_dry_run_refuses_nobody_and_says_whom_it_would_have_refused()
    {
        Admission admission = Make(new AdmissionLimits { MaxSessionsPerAddress = 1, DryRun = true });
        AdmissionTicket[] tickets = [.. Enumerable.Range(0, 5).Select(_ => Enter(admission, "192.0.2.1")!)];
        tickets.ShouldAllBe(ticket => ticket != null);
        _log.Errors.Single().ShouldContain("action=would-refuse");
        foreach (AdmissionTicket ticket in tickets) ticket.Dispose();
        admission.Sessions.ShouldBe(0);
    }

    [Fact]
    public void This_machine_is_exempt_by_default_and_what_the_operator_lists()
    {
        Admission admission = Make(new AdmissionLimits { MaxSessionsPerAddress = 1, MaxSessionsPerSubnet = 1, Unlimited = AddressList.Parse("10.0.0.0/8") });
        for (int i = 0; i < 10; i++)
        {
            Enter(admission, "127.0.0.1").ShouldNotBeNull().IsUnlimited.ShouldBeFalse();
            Enter(admission, "::1").ShouldNotBeNull();
            Enter(admission, "10.1.1.1").ShouldNotBeNull().IsUnlimited.ShouldBeTrue();
        }

        admission.Addresses.ShouldBe(0);
        Admission strict = Make(new AdmissionLimits { MaxSessionsPerAddress = 1, Exempt = AddressList.Empty });
        Enter(strict, "127.0.0.1").ShouldNotBeNull();
        Enter(strict, "127.0.0.1").ShouldBeNull();
    }

    [Fact]
    public void Who_was_sent_away_for_its_debts_comes_back_when_they_are_paid()
    {
        Admission admission = Make(new AdmissionLimits(), new RateLimits { AddressRequestsPerSecond = 1_000, AddressRequestBurst = 10_000 });
        AdmissionTicket ticket = Enter(admission, "192.0.2.1")!;
        ticket.Group!.Bucket.Take(admission.AddressRate, 30_000 * RequestCost.PointsPerRequest, _time.GetTimestamp());
        ticket.Dispose();
        Enter(admission, "192.0.2.1").ShouldBeNull();
        _log.Errors.Single().ShouldContain("limit=address_requests_per_second");
        admission.Sweep();
        Enter(admission, "192.0.2.1").ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(11));
        Enter(admission, "192.0.2.1").ShouldNotBeNull();
    }

    [Fact]
    public void An_attacker_with_many_addresses_finds_a_table_of_bounded_size_that_forgets()
    {
        Admission admission = Make(new AdmissionLimits());
        for (int i = 0; i < 3 * Admission.MaxRemembered; i++)
            admission.TryAdmit(new IPEndPoint(new IPAddress([(byte)(i >> 16), (byte)(i >> 8), (byte)i, 1]), 5000)).ShouldNotBeNull().Dispose();
        admission.Addresses.ShouldBe(Admission.MaxRemembered);
        admission.Sessions.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(10));
        admission.Sweep();
        admission.Addresses.ShouldBe(0);
        Enter(admission, "192.0.2.1").ShouldNotBeNull();
        admission.Sweep();
        admission.Addresses.ShouldBe(1);
    }

    private static AdmissionTicket? Enter(Admission admission, string address) => admission.TryAdmit(new IPEndPoint(IPAddress.Parse(address), 5000));

    private Admission Make(AdmissionLimits limits, RateLimits? rates = null) =>
        new(limits, rates ?? new RateLimits(), new LimitLog(limits.DryRun, _time, _log), _time);
}
