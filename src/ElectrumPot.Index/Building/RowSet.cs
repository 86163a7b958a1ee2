// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>The rows of one commit, table by table.</summary>
internal sealed class RowSet
{
    private readonly (RowBuffer Rows, Table Table)[] _buffers;

    public RowSet(IndexStore store)
    {
        _buffers =
        [
            (Headers, store.Headers),
            (Txids, store.Txids),
            (Locations, store.Locations),
            (Outputs, store.Outputs),
            (Scripts, store.Scripts),
            (Spends, store.Spends),
            (Aliases, store.Aliases),
            (Undo, store.Undo),
            (Blocks, store.Blocks),
            (Transactions, store.Transactions),
        ];
    }

    public RowBuffer Headers { get; } = new();

    public RowBuffer Txids { get; } = new();

    public RowBuffer Locations { get; } = new();

    public RowBuffer Outputs { get; } = new();

    public RowBuffer Scripts { get; } = new();

    public RowBuffer Spends { get; } = new();

    public RowBuffer Aliases { get; } = new();

    public RowBuffer Undo { get; } = new();

    public RowBuffer Blocks { get; } = new();

    public RowBuffer Transactions { get; } = new();

    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach ((RowBuffer rows, _) in _buffers)
                bytes += rows.Bytes;
            return bytes;
        }
    }

    /// <summary>Those with rows.</summary>
    public IEnumerable<(RowBuffer Rows, Table Table)> Filled => _buffers.Where(buffer => buffer.Rows.Count > 0);

    /// <summary>Moves all rows into the batch and empties the set.</summary>
    public void MoveTo(WriteBatch batch)
    {
        foreach ((RowBuffer rows, Table table) in _buffers)
            rows.WriteTo(batch, table.Handle);
        Clear();
    }

    public void Clear()
    {
        foreach ((RowBuffer rows, _) in _buffers)
            rows.Clear();
    }
}
