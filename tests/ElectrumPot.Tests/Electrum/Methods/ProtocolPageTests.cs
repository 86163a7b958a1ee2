// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Methods;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Methods;

/// <summary>The page that says what is served must not say anything else than the table of methods.</summary>
public class ProtocolPageTests
{
    [Fact]
    public async Task The_page_lists_every_method_with_its_versions_and_arguments_and_no_other()
    {
        string[] page = await File.ReadAllLinesAsync(Repository.PathOf("docs/protocol.md"), TestContext.Current.CancellationToken);
        IEnumerable<string> listed = page
            .Where(line => line.StartsWith("| `blockchain.", StringComparison.Ordinal) || line.StartsWith("| `server.", StringComparison.Ordinal) || line.StartsWith("| `mempool.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => !cells[1].Contains(' '))
            .Select(cells => cells.Length > 4 ? $"{cells[1]} {cells[2]} ({cells[3]})" : $"{cells[1]} ({cells[2]})");

        listed.ShouldBe(MethodTable.All.Methods.Select(Describe), ignoreOrder: true);
    }

    private static string Describe(MethodDefinition method)
    {
        string arguments = string.Join(", ", method.Params);
        return method.IsExtra ? $"`{method.Name}` ({arguments})" : $"`{method.Name}` {method.From} {(method.To is { } last ? $"to {last}" : "on")} ({arguments})";
    }
}
