// SPDX-License-Identifier: MIT

using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Snapshots;

/// <summary>
/// A file that is whole or not there: written under another name, which it loses when everything is on the disk, and locked
/// meanwhile. What a killed process leaves is locked by nobody, and removed by the next attempt.
/// </summary>
public sealed class PartFile : IDisposable
{
    public const string Suffix = ".part";

    private readonly FileStream _stream;
    private bool _isOver;

    private PartFile(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
    }

    public string Path { get; }

    public Stream Stream => _stream;

    /// <param name="path">The final name; its folder is made when absent.</param>
    /// <param name="length">Bytes that will be written.</param>
    /// <param name="indexPath">The database that is copied: it keeps some room where it is on the same disk.</param>
    /// <exception cref="SnapshotRefusedException">The file exists or is being written, or there is no room.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static PartFile Create(string path, long length, string? indexPath = null)
    {
        path = System.IO.Path.GetFullPath(path);
        RequireAbsent(path);
        string folder = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        // What it takes up is free for this attempt.
        if (!TryRemoveLeftover(path + Suffix)) throw new SnapshotRefusedException($"{path} is being written by another process; wait until it is done, or give another name.");
        FreeSpace.Require(folder, length, indexPath);
        // A link that somebody puts there must not lead elsewhere.
        return new PartFile(path, new FileStream(path + Suffix, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Removes what killed processes left in a folder, if that is possible. What a process is writing stays.</summary>
    public static void RemoveLeftovers(string folder, string pattern)
    {
        try
        {
            if (!Directory.Exists(folder)) return;
            foreach (string file in Directory.EnumerateFiles(folder, pattern + Suffix)) TryRemove(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever writes there next will have a message.
        }

        static void TryRemove(string file)
        {
            try
            {
                TryRemoveLeftover(file);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It takes room and does no other harm; the others may go.
            }
        }
    }

    /// <summary>Gives the file its name, when it is on the disk.</summary>
    /// <exception cref="SnapshotRefusedException">Another file has got that name meanwhile.</exception>
    public void Complete()
    {
        _stream.Flush(flushToDisk: true);
        RequireAbsent(Path);
        File.Move(Path + Suffix, Path, overwrite: false);
        _isOver = true;
        // Until here the lock told others that this is no leftover.
        _stream.Dispose();
        DurableFiles.SyncFolder(System.IO.Path.GetDirectoryName(Path)!);
    }

    public void Dispose()
    {
        try
        {
            // Once only: later the name may be that of another's file.
            if (!_isOver) File.Delete(Path + Suffix);
            _isOver = true;
        }
        finally
        {
            _stream.Dispose();
        }
    }

    /// <returns>False when a process is writing it.</returns>
    private static bool TryRemoveLeftover(string file)
    {
        var info = new FileInfo(file);
        // The link itself goes; what it leads to is nobody's part.
        if (info.LinkTarget is null)
        {
            if (!info.Exists) return true;
            try
            {
                using var turn = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
                File.Delete(file);
                return true;
            }
            catch (FileNotFoundException)
            {
                return true;
            }
            catch (IOException) when (File.Exists(file))
            {
                return false;
            }
        }

        File.Delete(file);
        return true;
    }

    private static void RequireAbsent(string path)
    {
        if (System.IO.Path.Exists(path)) throw new SnapshotRefusedException($"{path} exists already; give another name, or remove it first.");
    }
}
