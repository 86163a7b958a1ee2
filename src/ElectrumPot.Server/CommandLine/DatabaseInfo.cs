// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ElectrumPot.Index.Verification;

namespace ElectrumPot.Server.CommandLine;

/// <summary>What <c>db info</c> tells; the keys of its JSON.</summary>
internal sealed record DatabaseInfo(
    string Path,
    string Coin,
    string? Genesis,
    int Height,
    string? Hash,
    long Transactions,
    int PruningLimit,
    bool StoreTransactions,
    int Schema,
    bool Imported,
    bool PruningDue,
    bool Interrupted,
    int UndoableBlocks,
    IReadOnlyList<DatabaseInfoTable> Tables,
    long DiskBytes)
{
    public static DatabaseInfo Of(DatabaseFacts facts) => new(
        facts.Path,
        facts.Coin,
        facts.Genesis?.ToString(),
        facts.Height,
        facts.Height < 0 ? null : facts.Hash.ToString(),
        facts.Transactions,
        facts.PruningLimit,
        facts.StoresTransactions,
        facts.Schema,
        facts.IsImported,
        facts.IsPruningDue,
        facts.IsInterrupted,
        facts.UndoableBlocks,
        [.. facts.Tables.Select(table => new DatabaseInfoTable(table.Name, table.Rows, table.Bytes))],
        facts.DiskBytes);

    public string WriteJson() => JsonSerializer.Serialize(this, DatabaseInfoJson.Default.DatabaseInfo);

    public string WriteText()
    {
        var text = new StringBuilder();
        void Line(string name, string value) => text.Append(name.PadRight(18)).Append(value).Append('\n');
        Line("database", Path);
        Line("coin", Coin);
        Line("genesis", Genesis ?? "unknown");
        Line("tip", Height < 0 ? "no block yet" : Invariant($"block {Height:N0} {Hash}"));
        Line("transactions", Invariant($"{Transactions:N0}"));
        Line("pruning_limit", PruningLimit == 0 ? "0 (everything is kept)" : Invariant($"{PruningLimit:N0}"));
        Line("stored raw", StoreTransactions ? "all transactions" : "no transactions");
        Line("schema", Invariant($"{Schema}"));
        Line("import", Imported ? "complete" : "not complete yet");
        if (PruningDue) Line("", "the pruning limit was lowered; the server removes what it leaves out when it runs");
        if (Interrupted) Line("", "a commit was interrupted; the next start completes it");
        Line("can be undone", UndoableBlocks == 0 ? "no block" : Invariant($"{UndoableBlocks:N0} blocks, down to block {Height - UndoableBlocks:N0}"));
        foreach (DatabaseInfoTable table in Tables)
            Line($"  {table.Name}", Invariant($"about {table.Rows:N0} rows, {table.Bytes:N0} bytes"));
        Line("on the disk", Invariant($"{DiskBytes:N0} bytes"));
        return text.ToString().TrimEnd('\n');
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Rows">About so many.</param>
/// <param name="Bytes">In table files, compressed.</param>
internal sealed record DatabaseInfoTable(string Name, long Rows, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DatabaseInfo))]
internal sealed partial class DatabaseInfoJson : JsonSerializerContext;
