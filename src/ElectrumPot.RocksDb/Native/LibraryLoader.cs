// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>Finds the RocksDB library of the system, once for the process.</summary>
internal static class LibraryLoader
{
    /// <summary>Environment variable with the path or name of the library to use instead of the system's.</summary>
    internal const string OverrideVariable = "ELECTRUM_POT_ROCKSDB";

    // Debian 12 ships 7.8, Debian 13 ships 9.10; the plain name exists where the development package is installed.
    internal static readonly string[] Candidates =
    [
        "librocksdb.so.7.8", "librocksdb.so.8.9", "librocksdb.so.8", "librocksdb.so.9.10", "librocksdb.so.9", "librocksdb.so.10",
        "librocksdb.so", "librocksdb",
    ];

    private static readonly Lazy<nint> Loaded =
        new(static () => Load(Candidates, Environment.GetEnvironmentVariable(OverrideVariable)));

    internal static nint Handle => Loaded.Value;

    internal static nint Load(IReadOnlyList<string> candidates, string? overrideName)
    {
        if (!string.IsNullOrEmpty(overrideName))
        {
            if (NativeLibrary.TryLoad(overrideName, out nint chosen)) return chosen;
            throw new RocksDbException(
                RocksDbErrorKind.LibraryMissing,
                $"The RocksDB library '{overrideName}' named by {OverrideVariable} cannot be loaded: correct or unset the variable.");
        }

        foreach (string candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out nint found)) return found;
        }

        throw new RocksDbException(
            RocksDbErrorKind.LibraryMissing,
            "The RocksDB library is not installed: install librocksdb7.8 (apt-get install librocksdb7.8), or name the library's file in " +
            $"{OverrideVariable}. Tried: {string.Join(", ", candidates)}.");
    }

    /// <summary>The file the library was loaded from with links resolved, or null where the system does not tell.</summary>
    internal static string? FindPath()
    {
        // The loader follows the link librocksdb.so.7.8 silently; only the memory map names the real file and with it the patch version.
        nuint address = (nuint)NativeLibrary.GetExport(Handle, "rocksdb_close");
        const string Map = "/proc/self/maps";
        if (!File.Exists(Map)) return null;
        foreach (string line in File.ReadLines(Map))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (dash < 0 || space < dash || path < 0) continue;
            if (!nuint.TryParse(line.AsSpan(0, dash), NumberStyles.HexNumber, null, out nuint start)) continue;
            if (!nuint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, null, out nuint end)) continue;
            if (address >= start && address < end) return line[path..];
        }

        return null;
    }
}
