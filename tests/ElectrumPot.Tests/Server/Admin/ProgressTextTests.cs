// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Server.Admin;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Admin;

public sealed class ProgressTextTests
{
    private static readonly ImportReport Import = TestReports.Import;

    [Fact]
    public void By_transactions() => ProgressText.Write(Import).ShouldBe(
        "61.3 % of 370,554 transactions, 812 blocks/s, 15,021 transactions/s, 9 s left, 210 MB written");

    [Fact]
    public void An_estimate_is_called_one() => ProgressText.Write(Import with { IsEstimate = true }).ShouldStartWith("61.3 % of about 370,554 transactions, ");

    [Fact]
    public void By_blocks_is_said() => ProgressText.Write(Import with { PercentOf = "blocks", ChainTransactions = null, SecondsLeft = null }).ShouldBe(
        "61.3 % of the blocks, 227,300 transactions, 812 blocks/s, 15,021 transactions/s, 210 MB written");

    [Fact]
    public void After_the_blocks() => ProgressText.Write(Import with { PercentOf = "work", Percent = 99.99 }).ShouldBe(
        "99.9 % done, 9 s left, 210 MB written");

    [Fact]
    public void Before_anything_is_known() =>
        ProgressText.Write(new ImportReport(null, "transactions", 0, null, IsEstimate: false, 0, 0, null, null)).ShouldBe("not begun");

    [Fact]
    public void The_line_of_a_terminal_has_heights_and_memory() => ProgressText.WriteLine(TestReports.Importing).ShouldBe(
        "importing block 12,345 of 20,000; 61.3 % of 370,554 transactions, 812 blocks/s, 15,021 transactions/s, 9 s left, 210 MB written; memory 300 MB");

    [Fact]
    public void The_status_shows_it() => StatusText.Write(TestReports.Importing).ShouldContain(
        "\nstate        importing, block 12,345; the ports for wallets are closed\nimport       61.3 % of 370,554 transactions, ");

    [Fact]
    public void The_documentation_names_every_field_of_the_json()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/status.md"));
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(
            TestReports.Importing with { Certificate = new CertificateReport("f", "s", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch) }, AdminJson.Default.StatusReport));

        foreach (string field in Names(json.RootElement, "")) page.ShouldContain($"| `{field}` |");
    }

    private static IEnumerable<string> Names(JsonElement json, string prefix) => json.EnumerateObject().SelectMany(member =>
        member.Value.ValueKind == JsonValueKind.Object ? Names(member.Value, $"{prefix}{member.Name}.") : [prefix + member.Name]);
}
