// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Limits;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

public sealed class TokenBucketTests
{
    private const long TicksPerSecond = 10_000_000;
    private const long Request = RequestCost.PointsPerRequest;

    [Fact]
    public void The_burst_is_free_the_next_request_is_not_and_time_pays()
    {
        var rate = new BucketRate(perSecond: 10, burst: 100, TicksPerSecond);
        var bucket = default(TokenBucket);
        for (int i = 0; i < 100; i++)
            bucket.Take(rate, Request, now: 5).ShouldBeLessThanOrEqualTo(0);
        bucket.Take(rate, Request, now: 5).ShouldBe(TicksPerSecond / 10);
        bucket.Take(rate, Request, now: 5 + (2 * TicksPerSecond / 10)).ShouldBe(0);
        bucket.Missing(5 + (1_000 * TicksPerSecond)).ShouldBe(0);
    }

    [Fact]
    public void Nobody_owes_more_than_a_few_bursts()
    {
        var rate = new BucketRate(perSecond: 10, burst: 100, TicksPerSecond);
        var bucket = default(TokenBucket);
        for (int i = 0; i < 100; i++)
            bucket.Take(rate, long.MaxValue / 1_000_000, now: 0);
        bucket.Missing(0).ShouldBe(4 * rate.Capacity);
    }

    [Fact]
    public void Without_a_rate_there_is_no_limit()
    {
        var rate = new BucketRate(perSecond: 0, burst: 1, TicksPerSecond);
        var bucket = default(TokenBucket);
        bucket.Take(rate, 1_000_000 * Request, now: 0).ShouldBeLessThan(0);
        bucket.Missing(0).ShouldBe(0);
    }

    /// <summary>Whoever takes only what is not overdrawn never gets more than the burst and what time has brought.</summary>
    [Fact]
    public void However_it_is_asked_it_gives_the_burst_and_the_rate_and_no_more()
    {
        Prop.ForAll(
            (from perSecond in Gen.Choose(1, 5_000)
             from burst in Gen.Choose(1, 10_000)
             from steps in Gen.ListOf(from wait in Gen.Choose(0, (int)TicksPerSecond) from points in Gen.Choose(0, 50 * (int)Request) select (wait, points))
             select (perSecond, burst, steps)).ToArbitrary(),
            input =>
            {
                var rate = new BucketRate(input.perSecond, input.burst, TicksPerSecond);
                var bucket = default(TokenBucket);
                long now = 0;
                double taken = 0;
                foreach ((int wait, int points) in input.steps)
                {
                    now += wait;
                    taken += points / (double)Request;
                    double mayTake = input.burst + (input.perSecond * (double)now / TicksPerSecond);
                    long over = bucket.Take(rate, points, now);
                    // In credit: not more was taken than burst and time allow. One point of rounding a step.
                    if (over <= 0) taken.ShouldBeLessThanOrEqualTo(mayTake + 1);
                    else bucket.Missing(now + over).ShouldBe(rate.Capacity);
                    if (over > 0) return true;
                }

                return true;
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Takers_on_many_threads_lose_nothing()
    {
        var rate = new BucketRate(perSecond: 1_000, burst: 1_000_000, TicksPerSecond);
        var holder = new SessionGroup(default, default);
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 10_000; i++)
                holder.Bucket.Take(rate, Request, now: 1);
        });
        holder.Bucket.Missing(1).ShouldBe(80_000 * TicksPerSecond / 1_000);
    }
}
