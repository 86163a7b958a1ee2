// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries;

/// <summary>
/// The scripts that a query speaks about: one for a scripthash, one or more for an address, since P2PK outputs belong
/// to the address of their key.
/// </summary>
public sealed class ScriptSet
{
    private readonly HashX[] _scripts;

    internal ScriptSet(params HashX[] scripts) => _scripts = scripts;

    /// <summary>The script of the scripthash, or the canonical script of the address.</summary>
    public HashX Primary => _scripts[0];

    /// <summary>All of them, the primary first, each once; the names under which an update says that they were touched.</summary>
    public IReadOnlyList<HashX> Scripts => _scripts;

    internal ReadOnlySpan<HashX> Span => _scripts;
}
