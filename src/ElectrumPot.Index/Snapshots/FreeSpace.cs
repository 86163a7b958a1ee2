// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.Index.Snapshots;

internal static class FreeSpace
{
    /// <summary>What a file system and its other users need besides.</summary>
    private const long Margin = 64L << 20;

    /// <param name="folder">An existing one on the disk in question.</param>
    /// <param name="bytes">What is about to be written.</param>
    /// <exception cref="SnapshotRefusedException">There is less room.</exception>
    public static void Require(string folder, long bytes)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (free - Margin >= bytes) return;
        throw new SnapshotRefusedException(string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of {folder} has {Megabytes(free)} MB free, and {Megabytes(bytes)} MB and {Megabytes(Margin)} MB of reserve are needed. Make room or use another disk."));
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e6):N0}");
}
