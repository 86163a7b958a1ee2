// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Versions;

namespace ElectrumPot.Electrum.Methods;

/// <summary>One row of the protocol's version matrix.</summary>
/// <param name="From">First version with this method.</param>
/// <param name="To">Last version with it; null when it is still there.</param>
/// <param name="Params">Names of the arguments in their order, for passing by name.</param>
internal sealed record MethodDefinition(
    string Name, ProtocolVersion From, ProtocolVersion? To, IReadOnlyList<string> Params, MethodHandler Handler)
{
    /// <summary>In no version of the protocol: an addition of some server, served in all of them and never hidden.</summary>
    public bool IsExtra { get; private init; }

    /// <summary>Surplus arguments are passed over instead of refused.</summary>
    public bool IgnoresExtraParams { get; init; }

    /// <summary>In requests, apart from the size of the answer.</summary>
    public int Cost { get; } = MethodCosts.ByMethod.GetValueOrDefault(Name, MethodCosts.Default);

    public static MethodDefinition Extra(string name, IReadOnlyList<string> arguments, MethodHandler handler) =>
        new(name, ProtocolVersion.Oldest, null, arguments, handler) { IsExtra = true };

    /// <summary>Whether the version has had this method but has it no longer.</summary>
    public bool IsRemovedIn(ProtocolVersion version) => To is { } last && version > last;
}
