// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>Every method in every version, field by field.</summary>
public sealed class MatrixTests(ConformanceServer servers) : IClassFixture<ConformanceServer>
{
    private const int UnknownMethod = -32601;
    private const int InvalidParams = -32602;
    private const int BadRequest = 1;

    private static IEnumerable<MatrixRow> Rows => VersionMatrix.Rows.Concat(VersionMatrix.Extras);

    public static TheoryData<string, string> Everywhere() =>
        [.. from row in Rows from version in VersionMatrix.Versions select new TheoryDataRow<string, string>(row.Method, version)];

    /// <summary>The extras have no names that all servers agree on.</summary>
    public static TheoryData<string, string> Named() =>
        [.. from row in VersionMatrix.Rows from version in VersionMatrix.Versions select new TheoryDataRow<string, string>(row.Method, version)];

    public static TheoryData<string, string> Removed() =>
        [.. from row in VersionMatrix.Rows from version in VersionMatrix.Versions where row.IsRemovedIn(version) select new TheoryDataRow<string, string>(row.Method, version)];

    public static TheoryData<string> Methods() => [.. Rows.Select(row => row.Method)];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_result_has_exactly_the_members_of_its_version(string method, string version)
    {
        MatrixRow row = Find(method);
        row.ExamplesIn(version).ShouldNotBeEmpty();
        foreach (Example example in row.ExamplesIn(version))
            Shape.ShouldFit(await ResultAsync(servers.Callable, version, method, example.Args), ConformanceServer.Fill(example.Shape));
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task Arguments_may_be_given_by_name(string method, string version)
    {
        MatrixRow row = Find(method);
        foreach (Example example in row.ExamplesIn(version))
            Shape.ShouldFit(await ResultAsync(servers.Callable, version, method, example.ByName(row.Names)), ConformanceServer.Fill(example.Shape));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Absent_null_and_empty_arguments_are_the_same(string method)
    {
        MatrixRow row = Find(method);
        string version = VersionMatrix.Versions.First(row.IsIn);
        Example? withoutArguments = row.ExamplesIn(version).FirstOrDefault(example => example.Args == "[]");
        foreach (string args in (string[])["", ",\"params\":null", ",\"params\":[]", ",\"params\":{}"])
        {
            string? line = await ExchangeAsync(servers.Callable, version, $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}"{{args}}}""");
            if (withoutArguments is null) StrictReply.Error(line, "7").Code.ShouldBe(InvalidParams, args);
            else Shape.ShouldFit(StrictReply.Result(line, "7"), ConformanceServer.Fill(withoutArguments.Shape));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_argument_too_many_is_refused(string method)
    {
        MatrixRow row = Find(method);
        string version = VersionMatrix.Versions.First(row.IsIn);
        string surplus = string.Join(',', Enumerable.Repeat("1", row.Names.Length + 3));
        (await ErrorAsync(version, method, $"[{surplus}]")).Code.ShouldBe(InvalidParams);
        (await ErrorAsync(version, method, """{"no_such_argument":1}""")).Code.ShouldBe(InvalidParams);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_argument_of_a_wrong_type_is_an_error_and_never_a_result(string method)
    {
        MatrixRow row = Find(method);
        string version = VersionMatrix.Versions.Last(row.IsIn);
        foreach (Example example in row.ExamplesIn(version))
        {
            string[] values = [.. example.Values()];
            for (int i = 0; i < values.Length; i++)
            {
                string[] wrong = [.. values];
                wrong[i] = "[[]]";
                string? line = await ExchangeAsync(servers.Callable, version, Request(method, $"[{string.Join(',', wrong)}]"));

                // A peer that introduces itself with nonsense may also simply not be accepted.
                if (method == "server.add_peer" && line!.Contains("\"result\"")) StrictReply.Result(line, "7").GetBoolean().ShouldBeFalse();
                else StrictReply.Error(line, "7").Code.ShouldBeOneOf(InvalidParams, BadRequest);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Removed))]
    public async Task Where_removed_methods_are_hidden_they_are_unknown(string method, string version)
    {
        foreach (Example example in Find(method).ExamplesIn(version))
        {
            string? line = await ExchangeAsync(servers.Hiding, version, Request(method, example.Args));
            StrictReply.Error(line, "7").Code.ShouldBe(UnknownMethod);
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Hiding_removed_methods_leaves_all_others(string method, string version)
    {
        MatrixRow row = Find(method);
        if (row.IsRemovedIn(version)) return;
        Example example = row.ExamplesIn(version).First();
        Shape.ShouldFit(await ResultAsync(servers.Hiding, version, method, example.Args), ConformanceServer.Fill(example.Shape));
    }

    [Fact]
    public async Task Methods_that_are_not_for_this_server_are_unknown()
    {
        foreach (string version in VersionMatrix.Versions)
        {
            foreach (string method in VersionMatrix.NeverServed)
                (await ErrorAsync(version, method, "[]")).Code.ShouldBe(UnknownMethod, method);
        }
    }

    /// <summary>
    /// The tree of unspent outputs of 2014 (vectors: <c>utxo_tree</c>) is not kept: its proof is optional in the protocol
    /// and answered with an error, and headers come without <c>utxo_root</c>.
    /// </summary>
    [Fact]
    public async Task A_proof_from_the_tree_of_unspent_outputs_is_refused_in_all_versions()
    {
        foreach (string version in VersionMatrix.Versions)
            (await ErrorAsync(version, "blockchain.address.get_proof", """["$address"]""")).Message.ShouldNotBeEmpty();
        foreach (string version in (string[])["0.9", "0.10", "1.0"])
            (await ResultAsync(servers.Callable, version, "blockchain.headers.subscribe", "[]")).TryGetProperty("utxo_root", out _).ShouldBeFalse();
    }

    private static MatrixRow Find(string method) => Rows.Single(row => row.Method == method);

    private static async Task<JsonElement> ResultAsync(TestSessions server, string version, string method, string args) =>
        StrictReply.Result(await ExchangeAsync(server, version, Request(method, args)), "7");

    private async Task<(int Code, string Message)> ErrorAsync(string version, string method, string args) =>
        StrictReply.Error(await ExchangeAsync(servers.Callable, version, Request(method, args)), "7");

    private static string Request(string method, string args) =>
        $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{ConformanceServer.Fill(args)}}}""";

    private static async Task<string?> ExchangeAsync(TestSessions server, string version, string request)
    {
        TestWallet wallet = server.Connect();
        await wallet.NegotiateAsync(version);
        string? line = await wallet.ExchangeAsync(request);
        await wallet.HangUpAsync();
        return line;
    }
}
