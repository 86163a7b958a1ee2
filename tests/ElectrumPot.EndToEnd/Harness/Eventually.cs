// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>Waits for something that another process does: polls until it is so, fails with the last finding when it never is.</summary>
internal static class Eventually
{
    /// <summary>Generous, because two cores may be shared with a build; a passing test never waits this long.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Repeats the assertion until it passes; at the deadline its own failure is what the test reports. A process that ended
    /// is not waited for.
    /// </summary>
    public static async Task PassAsync(Func<Task> assertion, TimeSpan? within = null)
    {
        TimeSpan deadline = within ?? DefaultDeadline;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception failure) when (failure is not ProcessEndedException && clock.Elapsed < deadline && !Cancellation.IsCancellationRequested)
            {
                await Task.Delay(PollInterval, Cancellation);
            }
        }
    }

    /// <summary>Polls a value until it satisfies the condition, and returns it.</summary>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> probe,
        Func<T, bool> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string description = "")
    {
        TimeSpan deadline = within ?? DefaultDeadline;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            T value = await probe();
            if (condition(value)) return value;
            if (clock.Elapsed >= deadline)
                throw new TimeoutException($"After {deadline.TotalSeconds:0} s still not: {description}; the last value was {value}.");
            await Task.Delay(PollInterval, Cancellation);
        }
    }

    /// <summary>Polls a condition of this process until it holds.</summary>
    public static Task HoldsAsync(
        Func<bool> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string description = "") =>
        BecomesAsync(() => Task.FromResult(condition()), static held => held, within, description);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
