// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// A file that is whole or not there: written under another name, which it loses when everything is on the disk. What a
/// killed process leaves is overwritten by the next attempt.
/// </summary>
public sealed class PartFile : IDisposable
{
    public const string Suffix = ".part";

    private readonly FileStream _stream;
    private bool _isComplete;

    private PartFile(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
    }

    public string Path { get; }

    public Stream Stream => _stream;

    /// <param name="path">The final name; its folder is made when absent.</param>
    /// <param name="length">Bytes that will be written.</param>
    /// <exception cref="SnapshotRefusedException">The file exists, or there is no room.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static PartFile Create(string path, long length)
    {
        path = System.IO.Path.GetFullPath(path);
        RequireAbsent(path);
        string folder = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        FreeSpace.Require(folder, length);
        return new PartFile(path, new FileStream(path + Suffix, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Removes what killed processes left in a folder, if that is possible.</summary>
    public static void RemoveLeftovers(string folder, string pattern)
    {
        try
        {
            if (!Directory.Exists(folder)) return;
            foreach (string file in Directory.EnumerateFiles(folder, pattern + Suffix)) File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They take room and do no other harm; whoever writes there next will have a message.
        }
    }

    /// <summary>Gives the file its name, when it is on the disk.</summary>
    /// <exception cref="SnapshotRefusedException">Another file has got that name meanwhile.</exception>
    public void Complete()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        RequireAbsent(Path);
        File.Move(Path + Suffix, Path, overwrite: false);
        _isComplete = true;
        DurableFiles.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (!_isComplete) File.Delete(Path + Suffix);
    }

    private static void RequireAbsent(string path)
    {
        if (System.IO.Path.Exists(path)) throw new SnapshotRefusedException($"{path} exists already; give another name, or remove it first.");
    }
}
