// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.Index.Snapshots;

internal static class FreeSpace
{
    /// <summary>What a file system and its other users need besides.</summary>
    private const long Margin = 64L << 20;

    /// <summary>What a database needs for its next compactions, at least.</summary>
    private const long LeastForIndex = 1L << 30;

    private const int ShareForIndex = 10;

    /// <param name="folder">An existing one on the disk in question.</param>
    /// <param name="bytes">What is about to be written.</param>
    /// <param name="indexPath">The database that <paramref name="bytes"/> are a copy of: where it is on the same disk it keeps room to grow. Null where there is none.</param>
    /// <exception cref="SnapshotRefusedException">There is less room.</exception>
    public static void Require(string folder, long bytes, string? indexPath = null)
    {
        var disk = new DriveInfo(folder);
        long free = disk.AvailableFreeSpace;
        bool isDiskOfIndex = indexPath is not null && IsSameDisk(disk, indexPath);
        long reserve = Reserve(bytes, free, isDiskOfIndex);
        if (free - reserve >= bytes) return;
        string purpose = isDiskOfIndex ? " for the database, which lies on it too," : "";
        throw new SnapshotRefusedException(string.Create(
            CultureInfo.InvariantCulture,
            $"The disk of {folder} has {Megabytes(free)} MB free, and {Megabytes(bytes)} MB and {Megabytes(reserve)} MB of reserve{purpose} are needed. Make room or use another disk."));
    }

    /// <returns>What has to stay free. A copy is as large as the database, and half of a small disk is enough for a small database.</returns>
    internal static long Reserve(long bytes, long free, bool isDiskOfIndex) => isDiskOfIndex
        ? Math.Max(Margin, Math.Min(Math.Max(LeastForIndex, bytes / ShareForIndex), free / 2))
        : Margin;

    /// <summary>Disks are told apart by their size, which needs no list of mounts; of two that are equal one merely keeps more free.</summary>
    private static bool IsSameDisk(DriveInfo disk, string indexPath)
    {
        try
        {
            return new DriveInfo(indexPath).TotalSize == disk.TotalSize;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever may not look at the index copies it to a place of his own.
            return false;
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e6):N0}");
}
