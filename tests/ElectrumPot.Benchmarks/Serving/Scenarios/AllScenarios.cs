// SPDX-License-Identifier: MIT

using ElectrumPot.Benchmarks.Serving.Load;

namespace ElectrumPot.Benchmarks.Serving.Scenarios;

/// <summary>Everything that is measured, in the order of the table.</summary>
internal static class AllScenarios
{
    private static readonly LoadScenario Mix = new("mix", RequestMix.Wallets);

    public static IReadOnlyList<IScenario> List { get; } =
    [
        new LoadScenario("ping", RequestMix.Only(RequestKind.Ping)),
        Mix,
        new LoadScenario("mix-tls", RequestMix.Wallets) { Tls = true },
        new LoadScenario("mix-no-tx", RequestMix.Wallets.Without(RequestKind.Transaction)),
        new LoadScenario("single", RequestMix.Wallets) { Connections = 1, Depth = 1 },
        new LoadScenario("open", RequestMix.Wallets) { PerSecond = 500 },
        new LoadScenario("subscribe", RequestMix.Only(RequestKind.Subscribe)),
        new LoadScenario("get_history", RequestMix.Only(RequestKind.GetHistory)),
        new LoadScenario("get_merkle", RequestMix.Only(RequestKind.GetMerkle)),
        new LoadScenario("transaction", RequestMix.Only(RequestKind.Transaction)),
        new LoadScenario("long", RequestMix.Only(RequestKind.GetHistory)) { Connections = 4, Entries = (5_001, int.MaxValue) },
        new WalletScenario(),
        new IdleScenario(),
        new StartScenario(),
        new NotifyScenario(),
        new BlocksScenario(Mix),
        new SessionsScenario(),
    ];

    /// <param name="names">Empty for all.</param>
    /// <exception cref="ArgumentException">One of them is unknown.</exception>
    public static IReadOnlyList<IScenario> Find(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (List.All(scenario => scenario.Name != name))
                throw new ArgumentException($"no scenario '{name}'; there are {string.Join(", ", List.Select(scenario => scenario.Name))}");
        }

        return names.Count == 0 ? List : [.. List.Where(scenario => names.Contains(scenario.Name))];
    }
}
