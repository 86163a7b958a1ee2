// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Snapshots;

/// <summary>Where an index really lies, so that what is put beside it is on the same disk: links and renames need that.</summary>
internal static class IndexPlace
{
    /// <summary>The folder of the index: what a symbolic link leads to, where an operator has put one.</summary>
    public static string Resolve(string indexPath)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(indexPath));
        try
        {
            return new DirectoryInfo(path).LinkTarget is null ? path : Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // A link to itself, or one that may not be read: whoever opens the index says so.
            return path;
        }
    }

    public static string Beside(string indexPath, string suffix) => Resolve(indexPath) + suffix;
}
