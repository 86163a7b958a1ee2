// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Queries;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>What the checks of one verification share.</summary>
internal sealed class VerificationRun(
    IndexStore store, long memory, Action<VerificationProgress>? progress, CancellationToken cancellation) : IDisposable
{
    private const ulong ReadAhead = 2 << 20;

    private readonly List<VerifiedTable> _tables = [];

    public IndexStore Store => store;

    public Findings Findings { get; } = new();

    public RowHash Hash { get; } = RowHash.Draw();

    public IndexTip Tip { get; } = store.State.Tip;

    /// <summary>Bytes that the check of each output's uses may take.</summary>
    public long Memory => memory;

    public IReadOnlyList<VerifiedTable> Tables => _tables;

    /// <summary>For passes over a whole table: what they read is not read again soon.</summary>
    public ReadOptions ScanRead { get; } = new ReadOptions().SetVerifyChecksums(true).SetFillCache(false).SetReadaheadSize(ReadAhead);

    public ReadOptions LookupRead { get; } = new ReadOptions().SetVerifyChecksums(true);

    /// <summary>
    /// Transactions of each block by height: four bytes a block, the one thing in memory that grows with the chain.
    /// <see cref="UnknownCount"/> where the header is missing, which is a finding of its own.
    /// </summary>
    public List<int> TransactionCounts { get; } = [];

    public const int UnknownCount = -1;

    public TableScan Scan(Table table, string? step) => new(this, table, step);

    /// <summary>Whether a block up to the tip has such a transaction; true also where that cannot be told.</summary>
    public bool Exists(TxLocation location) =>
        (uint)location.Height < (uint)TransactionCounts.Count
        && (TransactionCounts[location.Height] == UnknownCount || location.Position < TransactionCounts[location.Height]);

    /// <summary>Hash of what two tables have to say alike about an unspent output.</summary>
    public UInt128 HashOf(OutputLocation output, in OutputValue value)
    {
        Span<byte> fact = stackalloc byte[StoredRows.UnspentFactSize];
        StoredRows.WriteUnspentFact(fact, output, value);
        return Hash.Of(fact);
    }

    /// <summary>Hash of what two tables have to say alike about a spend.</summary>
    public UInt128 HashOf(HashX script, in SpentRow spent)
    {
        Span<byte> fact = stackalloc byte[StoredRows.SpendFactSize];
        StoredRows.WriteSpendFact(fact, script, spent);
        return Hash.Of(fact);
    }

    public void Report(string? step, long rows, long expected)
    {
        cancellation.ThrowIfCancellationRequested();
        if (step is not null) progress?.Invoke(new VerificationProgress(step, rows, expected));
    }

    /// <summary>Of several passes over a table the first counts.</summary>
    public void Count(string table, long rows, long bytes)
    {
        if (_tables.TrueForAll(known => known.Name != table))
            _tables.Add(new VerifiedTable(table, rows, bytes));
    }

    public void Dispose()
    {
        ScanRead.Dispose();
        LookupRead.Dispose();
    }
}
