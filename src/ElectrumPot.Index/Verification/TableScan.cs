// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// One pass over a table from its first row to its last, with the checksum of every block read. Damage that RocksDB
/// itself finds is a finding and ends the pass.
/// </summary>
internal sealed class TableScan : IDisposable
{
    private const int ProgressEvery = 1 << 14;

    private readonly VerificationRun _run;
    private readonly string _name;
    private readonly string? _step;
    private readonly long _expected;
    private readonly Iterator _rows;
    private long _count;
    private long _bytes;
    private bool _isStarted;

    /// <param name="step">Null for a pass that goes along with another.</param>
    public TableScan(VerificationRun run, Table table, string? step)
    {
        _run = run;
        _name = table.FamilyName;
        _step = step;
        _expected = (long)run.Store.CountRows(table);
        _rows = table.NewIterator(run.ScanRead);
    }

    public ReadOnlySpan<byte> Key => _rows.KeySpan;

    public ReadOnlySpan<byte> Value => _rows.ValueSpan;

    /// <summary>Every row has been read. False while the pass goes on, and after one that damage has ended.</summary>
    public bool IsComplete { get; private set; }

    /// <returns>False at the end of the table, or where it cannot be read.</returns>
    public bool MoveNext()
    {
        try
        {
            if (_isStarted) _rows.Next();
            else _rows.SeekToFirst();
            _isStarted = true;
            if (!_rows.Valid())
            {
                IsComplete = true;
                _run.Report(_step, _count, _count);
                return false;
            }
        }
        catch (RocksDbException error) when (error.Kind == RocksDbErrorKind.Corruption)
        {
            _run.Findings.Add(_name, $"cannot be read beyond row {_count + 1}: {error.Message}");
            return false;
        }

        if (_count++ % ProgressEvery == 0) _run.Report(_step, _count, Math.Max(_expected, _count));
        _bytes += _rows.KeySpan.Length + _rows.ValueSpan.Length;
        return true;
    }

    public void Dispose()
    {
        _run.Count(_name, _count, _bytes);
        _rows.Dispose();
    }
}
