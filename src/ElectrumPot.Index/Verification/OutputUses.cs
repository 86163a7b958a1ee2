// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// Collects every output that is unspent or spent, to find those that are so twice. Keeps eight bytes of a keyed hash of
/// each; where even those do not fit into the memory allowed, it takes a share of the outputs at a time, and asks for
/// further passes.
/// </summary>
internal sealed class OutputUses(RowHash hash, long memory)
{
    /// <summary>Enough to name some; the chance that different outputs get here at all is small.</summary>
    private const int MaxSuspects = 1000;

    private readonly long _maxPrints = Math.Max(1024, memory / sizeof(ulong));
    private readonly List<ulong> _prints = [];
    private int _shareBits;
    private ulong _share;

    /// <summary>Hashes of what seems to be used twice.</summary>
    public HashSet<ulong> Suspects { get; } = [];

    public void Add(OutputLocation output)
    {
        ulong print = PrintOf(output);
        if (!IsOfShare(print)) return;
        _prints.Add(print);
        // In the first pass it turns out how many there are; the later shares are about as large.
        if (_share != 0 || _prints.Count < _maxPrints) return;
        _shareBits++;
        _prints.RemoveAll(kept => !IsOfShare(kept));
    }

    /// <summary>Looks at what a pass has brought.</summary>
    /// <returns>True when another pass over all outputs is needed.</returns>
    public bool EndPass()
    {
        Span<ulong> prints = CollectionsMarshal.AsSpan(_prints);
        prints.Sort();
        for (int i = 1; i < prints.Length && Suspects.Count < MaxSuspects; i++)
        {
            if (prints[i] == prints[i - 1]) Suspects.Add(prints[i]);
        }

        _prints.Clear();
        _share++;
        return _share < 1UL << _shareBits;
    }

    public ulong PrintOf(OutputLocation output)
    {
        Span<byte> key = stackalloc byte[OutputTable.KeySize];
        OutputTable.WriteKey(key, output);
        return (ulong)hash.Of(key);
    }

    private bool IsOfShare(ulong print) => _shareBits == 0 || print >> (64 - _shareBits) == _share;
}
