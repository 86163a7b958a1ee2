// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration.Sections;

/// <summary><c>[admin]</c>: the channel of the commands that ask the running server.</summary>
internal static class AdminSection
{
    public const string Name = "admin";

    public static readonly ConfigurationOption<int?> Port = new(
        Name, "port", new PortKind(), 8000, "Port on 127.0.0.1 for the commands status, getpid, stop and, while the server runs, snapshot create; they cannot be used when it is off.")
    {
        OldNames = ["server/electrum_rpc_port"],
    };

    public static readonly IReadOnlyList<ConfigurationOption> All = [Port];
}
