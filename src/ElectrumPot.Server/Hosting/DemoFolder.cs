// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// The data folder of a demonstration, held until disposed. Its index is deleted at each start, so a mark in the folder
/// proves that the folder is no other server's, and a lock on the mark that no demonstration runs in it.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string MarkName = "electrum-pot-demo";

    private readonly FileStream _mark;

    private DemoFolder(FileStream mark) => _mark = mark;

    /// <summary>Makes the folder, or empties the one of an earlier demonstration; its certificate and log stay.</summary>
    /// <exception cref="CommandFailure">The folder holds something else, is in use, or cannot be written.</exception>
    public static DemoFolder Open(string path)
    {
        string markFile = Path.Combine(path, MarkName);
        try
        {
            if (!File.Exists(markFile) && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new CommandFailure(ExitCode.CannotStart, $"{path} holds something that is no demonstration; give an empty or a new folder with --data");
            Directory.CreateDirectory(path);
            var folder = new DemoFolder(Lock(markFile));
            string index = Path.Combine(path, "index");
            if (Directory.Exists(index)) Directory.Delete(index, recursive: true);
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.CannotStart, $"{path} cannot be used: {failure.Message}; give another folder with --data", failure);
        }
    }

    public void Dispose() => _mark.Dispose();

    private static FileStream Lock(string markFile)
    {
        try
        {
            return new FileStream(markFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (File.Exists(markFile))
        {
            throw new CommandFailure(
                ExitCode.CannotStart, $"a demonstration runs already in {Path.GetDirectoryName(markFile)}; stop it with 'scripts/stop' or give another folder with --data", failure);
        }
    }
}
