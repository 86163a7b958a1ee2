// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Building;

/// <summary>The rows of one commit, table by table.</summary>
internal sealed class RowSet
{
    public RowBuffer Headers { get; } = new();

    public RowBuffer Txids { get; } = new();

    public RowBuffer Locations { get; } = new();

    public RowBuffer Outputs { get; } = new();

    public RowBuffer Scripts { get; } = new();

    public RowBuffer Aliases { get; } = new();

    public RowBuffer Undo { get; } = new();

    public long Bytes => Headers.Bytes + Txids.Bytes + Locations.Bytes + Outputs.Bytes + Scripts.Bytes + Aliases.Bytes + Undo.Bytes;

    /// <summary>Moves all rows into the batch and empties the set.</summary>
    public void MoveTo(WriteBatch batch, IndexStore store)
    {
        Move(Headers, store.Headers);
        Move(Txids, store.Txids);
        Move(Locations, store.Locations);
        Move(Outputs, store.Outputs);
        Move(Scripts, store.Scripts);
        Move(Aliases, store.Aliases);
        Move(Undo, store.Undo);

        void Move(RowBuffer rows, Table table)
        {
            rows.WriteTo(batch, table.Handle);
            rows.Clear();
        }
    }
}
