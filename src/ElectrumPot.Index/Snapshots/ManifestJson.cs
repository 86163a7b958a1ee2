// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ElectrumPot.Index.Snapshots;

/// <summary>The manifest as it stands in an archive, and its checks: whoever made the archive may wish us ill.</summary>
internal static class ManifestJson
{
    public const string EntryName = "manifest.json";

    /// <summary>The second entry: in the form that <c>sha256sum --check</c> reads.</summary>
    public const string ChecksumEntryName = "manifest.json.sha256";

    /// <summary>A hundred thousand files need less.</summary>
    public const int MaxBytes = 16 << 20;

    public const int HashLength = 64;

    /// <summary>What the name field of a tar header holds.</summary>
    private const int MaxNameLength = 100;

    private const int MaxWordLength = 64;

    public static byte[] Write(SnapshotManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, SnapshotJson.Default.SnapshotManifest);

    public static byte[] WriteChecksum(ReadOnlySpan<byte> manifest) =>
        Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(manifest))}  {EntryName}\n");

    /// <exception cref="FormatException">It cannot be one of ours; the message completes "the manifest ...".</exception>
    /// <exception cref="SnapshotRefusedException">A later version of the server made it.</exception>
    public static SnapshotManifest Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            int format = JsonSerializer.Deserialize(utf8, SnapshotJson.Default.ManifestFormat)?.Format ?? 0;
            if (format > SnapshotManifest.CurrentFormat)
            {
                throw new SnapshotRefusedException(
                    $"The snapshot has format {format}, which a later version of the server made; this one reads up to {SnapshotManifest.CurrentFormat}. Install the later version, or take another snapshot.");
            }

            SnapshotManifest manifest = JsonSerializer.Deserialize(utf8, SnapshotJson.Default.SnapshotManifest) ?? throw new FormatException("is empty");
            return Check(manifest);
        }
        catch (JsonException wrong)
        {
            throw new FormatException("is not the JSON of a manifest", wrong);
        }
    }

    /// <summary>Whether this is the plain name of a file: no folder, nothing hidden, nothing a terminal would act on.</summary>
    public static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name[0] != '.' && name is not (EntryName or ChecksumEntryName) && name.All(IsPlain);

    private static SnapshotManifest Check(SnapshotManifest manifest)
    {
        bool areNumbersSound = manifest is { Format: SnapshotManifest.CurrentFormat, Height: >= 0, Transactions: >= 0, PruningLimit: >= 0, ReorgLimit: >= 0, Schema: > 0 };
        if (!areNumbersSound) throw new FormatException("has a number out of range");
        if (!IsWord(manifest.Coin) || !IsWord(manifest.RocksDb) || !IsWord(manifest.Server)) throw new FormatException("has a name with odd characters");
        if (!IsHash(manifest.Genesis) || !IsHash(manifest.Hash)) throw new FormatException("has no hash where one belongs");
        if (manifest.Created.Offset != TimeSpan.Zero) throw new FormatException("has a time that is not UTC");

        var names = new HashSet<string>(StringComparer.Ordinal);
        long total = 0;
        foreach (SnapshotFile file in manifest.Files)
        {
            if (file is null || !IsFileName(file.Name)) throw new FormatException("names a file by something other than a plain file name");
            if (!names.Add(file.Name)) throw new FormatException($"names {file.Name} twice");
            if (!IsHash(file.Sha256)) throw new FormatException($"has no checksum of {file.Name}");
            if (file.Size < 0 || file.Size > long.MaxValue - total) throw new FormatException($"gives {file.Name} an impossible size");
            total += file.Size;
        }

        return names.Count > 0 ? manifest : throw new FormatException("names no file");
    }

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether this is short and plain, and can be no path.</summary>
    internal static bool IsWord(string text) => text.Length is > 0 and <= MaxWordLength && text.All(IsPlain);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+';
}

/// <summary>The one member that every format has.</summary>
internal sealed record ManifestFormat(int Format);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SnapshotManifest))]
[JsonSerializable(typeof(ManifestFormat))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
