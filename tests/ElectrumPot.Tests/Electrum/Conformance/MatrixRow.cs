// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>One row of the version matrix, with requests that succeed on the chain of the tests.</summary>
/// <param name="Columns">One sign for each of <see cref="VersionMatrix.Columns"/>: <c>-</c> where the version lacks the method.</param>
/// <param name="Names">Of the arguments, for passing by name.</param>
internal sealed record MatrixRow(string Method, string Columns, string[] Names, params Example[] Examples)
{
    private readonly string[] _signs = Columns.Split(' ');

    public string SignAt(string version) => _signs[Array.IndexOf(VersionMatrix.Columns, version)];

    public bool IsIn(string version) => SignAt(version) != "-";

    /// <summary>Versions had it, this one has it no longer.</summary>
    public bool IsRemovedIn(string version) => Array.IndexOf(VersionMatrix.Columns, version) > Array.FindLastIndex(_signs, sign => sign != "-");

    /// <summary>What the version's shape of this method is tried with; where the version lacks it, the nearest version's.</summary>
    public IEnumerable<Example> ExamplesIn(string version)
    {
        string nearest = IsIn(version) ? version
            : IsRemovedIn(version) ? VersionMatrix.Columns[Array.FindLastIndex(_signs, sign => sign != "-")]
            : VersionMatrix.Columns[Array.FindIndex(_signs, sign => sign != "-")];
        string sign = SignAt(nearest);
        return Examples.Where(example =>
            (example.Signs.Length == 0 || example.Signs.Split(' ').Contains(sign)) && example.Versions.Contains(VersionMatrix.IndexOf(nearest)));
    }
}

/// <summary>A request that succeeds.</summary>
/// <param name="Signs">The signs of the row under which it is valid; empty for all.</param>
/// <param name="Args">By position, with <c>$</c> names.</param>
/// <param name="Shape">Of the result.</param>
internal sealed record Example(string Signs, string Args, string Shape)
{
    /// <summary>For rows whose shape changes without a sign for it.</summary>
    public VersionSpan Versions { get; init; } = new("0.8", "1.7");

    /// <summary>The same arguments as an object.</summary>
    public string ByName(string[] names) => $"{{{string.Join(',', Values().Zip(names, (value, name) => $"\"{name}\":{value}"))}}}";

    public IEnumerable<string> Values() => JsonElement.Parse(Args).EnumerateArray().Select(value => value.GetRawText());
}

/// <summary>From one version to another, both included.</summary>
internal sealed record VersionSpan(string First, string Last)
{
    public bool Contains(int index) => VersionMatrix.IndexOf(First) <= index && index <= VersionMatrix.IndexOf(Last);
}
