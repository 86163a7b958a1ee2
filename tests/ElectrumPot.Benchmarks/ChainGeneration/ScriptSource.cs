// SPDX-License-Identifier: MIT

using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>How an output is locked, and so what spends it.</summary>
internal enum ScriptKind
{
    PublicKeyHash,
    WitnessKeyHash,
    NestedWitness,
    PublicKey,
    ScriptHash,
    Multisignature,
    WitnessScriptHash,
}

/// <summary>
/// Scripts by number. One in four outputs goes to one of 2,000 busy scripts, the first of them most often (Zipf, exponent
/// 0.95), as to exchanges and pools; of the others four in ten are to a script that was never used before, the rest to any
/// that was. A script is made from its number whenever it is needed, and takes no memory but two counters.
/// </summary>
internal sealed class ScriptSource(ulong seed, ChainShape shape)
{
    public const int MaxLength = 80;

    private const int Busy = 2_000;
    private const double Exponent = 0.95;
    private const double ToBusy = 0.25;
    private const double ToNew = 0.4;

    private readonly double[] _reach = ZipfReach();
    private readonly List<int> _entries = [.. new int[Busy]];
    private readonly List<long> _lastTouch = [.. new long[Busy]];

    /// <summary>History entries of each script: transactions that touch it.</summary>
    public IReadOnlyList<int> Entries => _entries;

    public int Pick(DeterministicRandom random)
    {
        if (random.Unit() < ToBusy) return PickBusy(random);
        if (_entries.Count < Busy + 10 || random.Unit() < ToNew)
        {
            _entries.Add(0);
            _lastTouch.Add(0);
            return _entries.Count - 1;
        }

        return Busy + random.Below(_entries.Count - Busy);
    }

    /// <summary>One of the few that mine or stake.</summary>
    public static int PickMaker(DeterministicRandom random, int makers) => 4 + Math.Min(random.Below(makers), random.Below(makers));

    /// <param name="transaction">Number of the transaction; it counts once for each script.</param>
    public void Touch(int script, long transaction)
    {
        if (_lastTouch[script] == transaction) return;
        _lastTouch[script] = transaction;
        _entries[script]++;
    }

    public ScriptKind KindOf(int script) => KindOf(Of(script));

    /// <summary>Writes the script and returns its length.</summary>
    public int Write(int script, Span<byte> destination)
    {
        DeterministicRandom random = Of(script);
        return KindOf(random) switch
        {
            ScriptKind.PublicKeyHash => Frame(destination, [0x76, 0xa9, 0x14], 20, [0x88, 0xac], random),
            ScriptKind.WitnessKeyHash => Frame(destination, [0x00, 0x14], 20, [], random),
            ScriptKind.NestedWitness or ScriptKind.ScriptHash => Frame(destination, [0xa9, 0x14], 20, [0x87], random),
            ScriptKind.PublicKey => WritePublicKey(destination, random),
            ScriptKind.Multisignature => WriteMultisignature(destination, random),
            _ => Frame(destination, [0x00, 0x20], 32, [], random),
        };
    }

    /// <summary>The output of a staker, and in the first blocks of every miner: a key, not its hash.</summary>
    public int WriteMaker(int script, Span<byte> destination)
    {
        DeterministicRandom random = Of(script);
        return WritePublicKey(destination, random);
    }

    private static int WritePublicKey(Span<byte> destination, DeterministicRandom random) =>
        Frame(destination, [0x21, (byte)(2 + random.Below(2))], 32, [0xac], random);

    private static int WriteMultisignature(Span<byte> destination, DeterministicRandom random)
    {
        destination[0] = 0x51;
        int length = 1;
        for (int key = 0; key < 2; key++)
            length += Frame(destination[length..], [0x21, (byte)(2 + random.Below(2))], 32, [], random);
        destination[length++] = 0x52;
        destination[length++] = 0xae;
        return length;
    }

    private static int Frame(Span<byte> destination, ReadOnlySpan<byte> before, int size, ReadOnlySpan<byte> after, DeterministicRandom random)
    {
        before.CopyTo(destination);
        random.Fill(destination.Slice(before.Length, size));
        after.CopyTo(destination[(before.Length + size)..]);
        return before.Length + size + after.Length;
    }

    private static double[] ZipfReach()
    {
        double[] reach = new double[Busy];
        double sum = 0;
        for (int i = 0; i < Busy; i++)
            reach[i] = sum += Math.Pow(i + 1, -Exponent);
        return reach;
    }

    private int PickBusy(DeterministicRandom random)
    {
        int found = Array.BinarySearch(_reach, random.Unit() * _reach[^1]);
        return Math.Min(found < 0 ? ~found : found, Busy - 1);
    }

    private DeterministicRandom Of(int script) => new(seed ^ ((ulong)(script + 1) * 0xD1342543DE82EF95));

    private ScriptKind KindOf(DeterministicRandom random)
    {
        double draw = random.Unit();
        if (!shape.HasWitness)
            return draw < 0.85 ? ScriptKind.PublicKeyHash : draw < 0.93 ? ScriptKind.PublicKey : ScriptKind.ScriptHash;
        return draw switch
        {
            < 0.40 => ScriptKind.PublicKeyHash,
            < 0.75 => ScriptKind.WitnessKeyHash,
            < 0.85 => ScriptKind.NestedWitness,
            < 0.90 => ScriptKind.PublicKey,
            < 0.95 => ScriptKind.ScriptHash,
            < 0.97 => ScriptKind.Multisignature,
            _ => ScriptKind.WitnessScriptHash,
        };
    }
}
