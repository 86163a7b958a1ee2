// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Index.Queries
{
    public sealed class ScriptSet
    {
        public ScriptSet(params HashX[] scripts) => Scripts = scripts;

        public HashX Primary => Scripts[0];

        public IReadOnlyList<HashX> Scripts { get; }
    }

    public static class StatusHash
    {
        public static Hash256? Compute(IReadOnlyList<HistoryEntry> history)
        {
            if (history.Count == 0) return null;
            string text = string.Concat(history.Select(entry => $"{entry.Txid}:{entry.Height}:"));
            return new Hash256(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)));
        }
    }
}

namespace ElectrumPot.Index.Mempool
{
    public readonly record struct FeeBucket(double Rate, long VirtualSize);
}
