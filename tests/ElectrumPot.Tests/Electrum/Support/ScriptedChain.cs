// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Threading.Channels;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Events;
using ElectrumPot.Index.Fees;
using ElectrumPot.Index.Mempool;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>A chain that a test writes down state by state.</summary>
internal sealed class ScriptedChain : IChainSource
{
    private readonly Channel<ChainUpdate> _updates = Channel.CreateUnbounded<ChainUpdate>();
    private ScriptedState _state = new();

    public ScriptedChain(int height = 100)
    {
        for (int i = 0; i <= height; i++)
            _state.Headers.Add(MakeHeader(i, _state.TipHash, branch: 0));
    }

    /// <summary>What the sessions could not handle.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>Snapshots that were not given back.</summary>
    public int Leased => _leased;

    public ScriptedState State => Volatile.Read(ref _state);

    private int _leased;

    public IChainSnapshot Acquire()
    {
        Interlocked.Increment(ref _leased);
        return new ScriptedSnapshot(State, () => Interlocked.Decrement(ref _leased));
    }

    public ValueTask<ChainUpdate> NextUpdateAsync(CancellationToken cancellation) => _updates.Reader.ReadAsync(cancellation);

    public void Report(Exception failure) => Failures.Enqueue(failure);

    /// <summary>Makes the next state visible without telling anybody yet.</summary>
    public void Change(Action<ScriptedState> change)
    {
        ScriptedState next = State.Copy();
        change(next);
        Volatile.Write(ref _state, next);
    }

    public void Announce(bool tipChanged, params HashX[] touched) =>
        _updates.Writer.TryWrite(new ChainUpdate(tipChanged, touched.ToHashSet()));

    /// <summary>A new state and its update.</summary>
    public void Publish(Action<ScriptedState> change, params HashX[] touched)
    {
        Hash256 before = State.TipHash;
        Change(change);
        Announce(State.TipHash != before, touched);
    }

    public static byte[] MakeHeader(int height, Hash256 previous, uint branch)
    {
        var bytes = new byte[BlockHeader.Size];
        new BlockHeader(3, previous, Hash(height), (uint)(1_400_000_000 + (40 * height)), 0x1e0fffff, branch).CopyTo(bytes);
        return bytes;
    }

    /// <summary>A hash that is easily told apart.</summary>
    public static Hash256 Hash(int number)
    {
        var bytes = new byte[Hash256.Size];
        BitConverter.TryWriteBytes(bytes, number);
        bytes[31] = 0x77;
        return new Hash256(bytes);
    }
}

/// <summary>One state, changed only before it is published.</summary>
internal sealed class ScriptedState
{
    public long Sequence { get; private set; } = 1;

    public List<byte[]> Headers { get; private set; } = [];

    public Dictionary<HashX, List<HistoryEntry>> Histories { get; private set; } = [];

    public Dictionary<HashX, List<UnspentOutput>> Unspent { get; private set; } = [];

    public Dictionary<HashX, Balance> Balances { get; private set; } = [];

    /// <summary>Further scripts of an address, by its canonical one.</summary>
    public Dictionary<HashX, HashX[]> Aliases { get; private set; } = [];

    public Dictionary<(int Height, int Position), Hash256> Txids { get; private set; } = [];

    public IReadOnlyList<FeeBucket> Fees { get; set; } = [];

    public Dictionary<OutPoint, OutpointStatus> Outpoints { get; private set; } = [];

    public Dictionary<HashX, FirstUse> FirstUses { get; private set; } = [];

    public List<MempoolSummary> Mempool { get; private set; } = [];

    /// <summary>What it takes to find a first use, or what became of an output.</summary>
    public int SpendsToRead { get; set; } = 1;

    /// <summary>What a proof of a header takes.</summary>
    public int HeadersToRead { get; set; }

    /// <summary>Null: nothing is known of blocks and mempool.</summary>
    public FeeFacts? FeeFacts { get; set; }

    public int Height => Headers.Count - 1;

    public Hash256 TipHash => Headers.Count == 0 ? default : BlockHeader.HashOf(Headers[^1]);

    public ScriptedState Copy() => new()
    {
        Sequence = Sequence + 1,
        Headers = [.. Headers],
        Histories = Histories.ToDictionary(pair => pair.Key, pair => pair.Value.ToList()),
        Unspent = Unspent.ToDictionary(pair => pair.Key, pair => pair.Value.ToList()),
        Balances = new(Balances),
        Aliases = new(Aliases),
        Txids = new(Txids),
        Fees = Fees,
        Outpoints = new(Outpoints),
        FirstUses = new(FirstUses),
        Mempool = [.. Mempool],
        FeeFacts = FeeFacts,
        HeadersToRead = HeadersToRead,
        SpendsToRead = SpendsToRead,
    };

    public void AddBlock(uint branch = 0) => Headers.Add(ScriptedChain.MakeHeader(Headers.Count, TipHash, branch));

    public void RemoveBlock() => Headers.RemoveAt(Headers.Count - 1);

    public void Add(HashX script, HistoryEntry entry)
    {
        if (!Histories.TryGetValue(script, out List<HistoryEntry>? list)) Histories[script] = list = [];
        list.Add(entry);
    }
}
