// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Finds subscriptions in a set by their keys, which a dictionary would hold a second time.</summary>
internal sealed class ScriptKeyComparer : IEqualityComparer<ScriptSubscription>, IAlternateEqualityComparer<ScriptKey, ScriptSubscription>
{
    public bool Equals(ScriptSubscription? left, ScriptSubscription? right) =>
        ReferenceEquals(left, right) || (left is not null && right is not null && left.Key.Equals(right.Key));

    public int GetHashCode(ScriptSubscription subscription) => subscription.Key.GetHashCode();

    public bool Equals(ScriptKey key, ScriptSubscription subscription) => subscription.Key.Equals(key);

    public int GetHashCode(ScriptKey key) => key.GetHashCode();

    public ScriptSubscription Create(ScriptKey key) => throw new NotSupportedException("A key alone is no subscription.");
}
