// SPDX-License-Identifier: MIT

using Xunit;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>Waits for what happens on another thread.</summary>
internal static class Poll
{
    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; !await condition(); i++)
        {
            if (i == 1000) throw new TimeoutException("What was waited for did not happen.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
