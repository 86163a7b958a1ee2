// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Simulation;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Benchmarks;

public sealed class DrawTests
{
    private const int Draws = 200_000;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    [InlineData(1.2)]
    public void Places_are_drawn_as_often_as_their_weights_say(double exponent)
    {
        const int Count = 50;
        var sampler = new ZipfSampler(Count, exponent);
        var random = new DeterministicRandom(3);
        int[] drawn = new int[Count];
        for (int i = 0; i < Draws; i++)
            drawn[sampler.Draw(random)]++;

        double sum = Enumerable.Range(1, Count).Sum(n => Math.Pow(n, -exponent));
        for (int i = 0; i < Count; i++)
        {
            double expected = Draws * Math.Pow(i + 1, -exponent) / sum;
            // Six standard deviations.
            ((double)drawn[i]).ShouldBe(expected, tolerance: 6 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void A_single_place_is_always_drawn() => new ZipfSampler(1, 0.6).Draw(new DeterministicRandom(1)).ShouldBe(0);

    [Fact]
    public void Kinds_are_drawn_as_the_mix_says()
    {
        RequestMix mix = RequestMix.Wallets;
        mix.Whole.ShouldBe(1_000);
        var random = new DeterministicRandom(4);
        Dictionary<RequestKind, int> drawn = Enumerable.Range(0, Draws).Select(_ => mix.Draw(random)).CountBy(kind => kind).ToDictionary();
        foreach (RequestKind kind in Enum.GetValues<RequestKind>())
        {
            double expected = Draws * (double)mix.ShareOf(kind) / mix.Whole;
            ((double)drawn.GetValueOrDefault(kind)).ShouldBe(expected, tolerance: 6 * Math.Sqrt(expected));
        }
    }

    [Fact]
    public void What_is_left_out_is_never_drawn()
    {
        RequestMix mix = RequestMix.Wallets.Without(RequestKind.Transaction);
        mix.Whole.ShouldBe(820);
        var random = new DeterministicRandom(5);
        Enumerable.Range(0, 20_000).Select(_ => mix.Draw(random)).ShouldNotContain(RequestKind.Transaction);
        new RequestMix((RequestKind.Ping, 0), (RequestKind.Header, 2), (RequestKind.Headers, 0)).Draw(random).ShouldBe(RequestKind.Header);
        Should.Throw<ArgumentOutOfRangeException>(() => RequestMix.Only(RequestKind.Ping).Without(RequestKind.Ping));
    }

    [Fact]
    public void A_trend_is_the_slope_of_its_points()
    {
        Trend.SlopeOf([(0, 10), (1, 12.5), (2, 15)]).ShouldBe(2.5, tolerance: 1e-9);
        Trend.SlopeOf([(0, 1), (1, -1), (2, 1)]).ShouldBe(0, tolerance: 1e-9);
        Trend.SlopeOf([(3, 1)]).ShouldBe(0);
        Trend.SlopeOf([]).ShouldBe(0);
    }
}
