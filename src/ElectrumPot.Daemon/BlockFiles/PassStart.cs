// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// In which file a pass begins. A file is read from its beginning, since nowhere else is it certain that a record begins;
/// that is 128 MB at most.
/// </summary>
internal static class PassStart
{
    /// <summary>Blocks arrive out of order: what belongs to a range may stand this many bytes before the block below it.</summary>
    private const uint Margin = 32 << 20;

    /// <summary>What arrives within a file is out of order by much less, and clocks are wrong by much less.</summary>
    private static readonly TimeSpan TimeMargin = TimeSpan.FromDays(10);

    /// <param name="below">Where the block below the range stands.</param>
    public static int Before(BlockFileFolder folder, BlockPosition below)
    {
        int previous = 0;
        foreach (int file in folder.ListFiles())
        {
            if (file == below.File && below.Offset >= Margin) return file;
            if (file < below.File) previous = file;
        }

        return previous;
    }

    /// <summary>For when no position is known: the last file that begins well before this block.</summary>
    /// <param name="firstTime">Time in the header of the first block of the range.</param>
    public static int Before(BlockFileFolder folder, uint firstTime)
    {
        IReadOnlyList<int> files = folder.ListFiles();
        for (int i = files.Count - 1; i > 0; i--)
        {
            if (folder.ReadFirstHeader(files[i]) is { } first && first.Time + TimeMargin.TotalSeconds < firstTime)
                return files[i];
        }

        return 0;
    }
}
