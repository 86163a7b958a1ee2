// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>
/// A canonical digest of what a store says. Two stores at the same tip are equal when their fingerprints are; where they
/// are not, <see cref="DescribeDifference"/> names rows.
/// </summary>
internal sealed record StoreFingerprint(string Text)
{
    private const int DifferencesToTell = 5;

    public static StoreFingerprint Of(StoreContent content)
    {
        IEnumerable<string> tables = content.Tables.Select(table =>
        {
            (long count, string digest) = Digest(table.Rows());
            return $"{table.Name} {count} {digest}";
        });
        return new StoreFingerprint(string.Join('\n', tables.Prepend($"tip {content.Tip}")));
    }

    /// <summary>Compares everything; the unspent rows of the first are held against its own outputs.</summary>
    /// <param name="knownAliases">Rows that blocks off the chain may have left behind.</param>
    public static void ShouldBeEqual(StoreContent actual, StoreContent expected, IReadOnlySet<string> knownAliases)
    {
        if (Of(actual) != Of(expected)) throw new ShouldAssertException(DescribeDifference(actual, expected));
        if (actual.IsImported && Digest(actual.Unspent) != Digest(actual.UnspentByOutputs))
            throw new ShouldAssertException($"unspent outputs by script:\n{DescribeRows(actual.Unspent, actual.UnspentByOutputs)}");

        HashSet<string> aliases = [.. actual.Aliases.Select(row => Convert.ToHexString(row.Key))];
        expected.Aliases.Select(row => Convert.ToHexString(row.Key)).Except(aliases).ShouldBeEmpty("aliases are missing");
        aliases.Except(knownAliases).ShouldBeEmpty("aliases that no block has shown");
    }

    public static string DescribeDifference(StoreContent actual, StoreContent expected)
    {
        if (actual.Tip != expected.Tip) return $"tip {actual.Tip} instead of {expected.Tip}";
        IEnumerable<string> differences = actual.Tables.Zip(expected.Tables)
            .Select(pair => (pair.First.Name, Text: DescribeRows(pair.First.Rows(), pair.Second.Rows())))
            .Where(difference => difference.Text.Length > 0)
            .Select(difference => $"{difference.Name} at tip {actual.Tip}:\n{difference.Text}");
        return string.Join('\n', differences);
    }

    private static string DescribeRows(IEnumerable<StoreRow> actual, IEnumerable<StoreRow> expected)
    {
        HashSet<string> here = [.. actual.Select(Describe)];
        HashSet<string> there = [.. expected.Select(Describe)];
        string[] missing = [.. there.Except(here)];
        string[] surplus = [.. here.Except(there)];
        return string.Join(
            '\n',
            missing.Take(DifferencesToTell).Select(row => $"  missing {row}")
                .Concat(surplus.Take(DifferencesToTell).Select(row => $"  surplus {row}"))
                .Concat(missing.Length + surplus.Length > 0 ? [$"  {missing.Length} missing, {surplus.Length} surplus"] : []));
    }

    private static string Describe(StoreRow row) => $"{Convert.ToHexString(row.Key)} = {Convert.ToHexString(row.Value)}";

    private static (long Count, string Digest) Digest(IEnumerable<StoreRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> lengths = stackalloc byte[2 * sizeof(int)];
        long count = 0;
        foreach (StoreRow row in rows)
        {
            BinaryPrimitives.WriteInt32LittleEndian(lengths, row.Key.Length);
            BinaryPrimitives.WriteInt32LittleEndian(lengths[sizeof(int)..], row.Value.Length);
            hash.AppendData(lengths);
            hash.AppendData(row.Key);
            hash.AppendData(row.Value);
            count++;
        }

        return (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
