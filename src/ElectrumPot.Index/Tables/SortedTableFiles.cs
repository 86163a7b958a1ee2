// SPDX-License-Identifier: MIT

using RocksDbSharp;

namespace ElectrumPot.Index.Tables;

/// <summary>Sorted rows in table files of moderate size, one after another, to be taken into a table together.</summary>
internal sealed class SortedTableFiles : IDisposable
{
    private const long MaxFileBytes = 96L << 20;

    private readonly string _folder;
    private readonly ColumnFamilyOptions _options;
    private readonly List<string> _files = [];
    private SstFileWriter? _writer;
    private long _bytes;

    /// <param name="folder">Emptied first, and removed at the end.</param>
    public SortedTableFiles(string folder, ColumnFamilyOptions options)
    {
        _folder = folder;
        _options = options;
        RemoveFolder();
        Directory.CreateDirectory(folder);
    }

    /// <summary>Adds a row; its key is above all before.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_writer is null || _bytes > MaxFileBytes) StartFile();
        _writer!.Put(key, value);
        _bytes += key.Length + value.Length;
    }

    /// <returns>The files, in order; they are on the disk.</returns>
    public string[] Finish()
    {
        EndFile();
        return [.. _files];
    }

    public void Dispose()
    {
        _writer?.Dispose();
        RemoveFolder();
    }

    private void StartFile()
    {
        EndFile();
        string path = Path.Combine(_folder, $"{_files.Count}.sst");
        _writer = new SstFileWriter(ioOptions: _options);
        _writer.Open(path);
        _files.Add(path);
        _bytes = 0;
    }

    private void EndFile()
    {
        _writer?.Finish();
        _writer?.Dispose();
        _writer = null;
    }

    private void RemoveFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
