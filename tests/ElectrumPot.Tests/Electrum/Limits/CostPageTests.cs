// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.RegularExpressions;
using ElectrumPot.Electrum.Methods;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>The page on limits must not say anything else about costs than the table of costs.</summary>
public sealed partial class CostPageTests
{
    [Fact]
    public async Task The_page_names_every_method_that_costs_more_than_one_and_no_other()
    {
        string[] page = await File.ReadAllLinesAsync(Repository.PathOf("docs/limits.md"), TestContext.Current.CancellationToken);
        IEnumerable<string> listed = page
            .SkipWhile(line => line != "| what | counts as |").TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => int.TryParse(cells[2], CultureInfo.InvariantCulture, out _))
            .SelectMany(cells => CodePattern().Matches(cells[1]).SelectMany(match => Expand(match.Groups[1].Value)).Select(method => $"{method} {cells[2]}"));
        listed.ShouldBe(MethodTable.All.Methods.Where(method => method.Cost > MethodCosts.Default).Select(method => $"{method.Name} {method.Cost}"), ignoreOrder: true);
    }

    /// <summary>A star stands for whatever names a script.</summary>
    private static IEnumerable<string> Expand(string name)
    {
        string[] kinds = name.StartsWith('*') ? ["address", "scripthash", "scriptpubkey"] : [""];
        return kinds.Select(kind => kind + name.TrimStart('*'))
            .Select(method => method.StartsWith("server.", StringComparison.Ordinal) ? method : $"blockchain.{method}")
            .Where(method => !name.StartsWith('*') || MethodTable.All.Methods.Any(known => known.Name == method));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodePattern();
}
