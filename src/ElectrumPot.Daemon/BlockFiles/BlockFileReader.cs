// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;
using Microsoft.Win32.SafeHandles;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>Reads single blocks by their position. Safe for concurrent use; keeps a bounded number of files open.</summary>
public sealed class BlockFileReader(BlockFileFolder folder, BlockFileOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(int File, SafeFileHandle Handle)> _open = [];
    private bool _isDisposed;

    /// <summary>Reads a block.</summary>
    /// <param name="hash">Its header has to have this hash. The transactions are not checked.</param>
    /// <param name="raw">The block, in memory of its own.</param>
    /// <returns>False when it is not there: pruned, written over, damaged, or not to be read.</returns>
    public bool TryRead(BlockPosition position, Hash256 hash, out ReadOnlyMemory<byte> raw)
    {
        raw = default;
        bool canBe = position.Offset >= BlockFileFolder.RecordHead
            && position.Length >= BlockFileFolder.MinBlockBytes
            && position.Length <= folder.MaxBlockBytes;
        if (!canBe) return false;
        byte[] record = GC.AllocateUninitializedArray<byte>(BlockFileFolder.RecordHead + position.Length);
        if (!TryFill(record, position.File, position.Offset - BlockFileFolder.RecordHead) || !IsBlock(record, hash)) return false;
        raw = record.AsMemory(BlockFileFolder.RecordHead);
        return true;
    }

    /// <summary>Reads a part of a block. Nothing of it is checked.</summary>
    /// <returns>Null when the file is not there, or ends before.</returns>
    public byte[]? Read(TransactionPosition position)
    {
        bool canBe = position.Offset >= BlockFileFolder.RecordHead && position.Length > 0 && position.Length <= folder.MaxBlockBytes;
        if (!canBe) return null;
        byte[] raw = GC.AllocateUninitializedArray<byte>(position.Length);
        return TryFill(raw, position.File, position.Offset) ? raw : null;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach ((_, SafeFileHandle handle) in _open)
                handle.Dispose();
            _open.Clear();
        }
    }

    /// <returns>False when the file cannot be read, or ends before.</returns>
    private bool TryFill(byte[] buffer, int file, long offset)
    {
        if (Acquire(file) is not { } handle) return false;
        try
        {
            return folder.Read(handle, buffer, offset) == buffer.Length;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            handle.DangerousRelease();
        }
    }

    private bool IsBlock(ReadOnlySpan<byte> record, Hash256 hash) =>
        record.StartsWith(folder.Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(record[folder.Magic.Length..]) == record.Length - BlockFileFolder.RecordHead
        && BlockHeader.HashOf(record[BlockFileFolder.RecordHead..]) == hash;

    /// <summary>
    /// A handle that stays open until it is released, even when it has to make room for another meanwhile. Null when the
    /// file cannot be opened.
    /// </summary>
    private SafeFileHandle? Acquire(int file)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            LinkedListNode<(int File, SafeFileHandle Handle)>? node = Find(file) ?? Open(file);
            if (node is null) return null;
            _open.Remove(node);
            _open.AddFirst(node);
            if (_open.Count > options.OpenFiles)
            {
                _open.Last!.Value.Handle.Dispose();
                _open.RemoveLast();
            }

            bool isHeld = false;
            node.Value.Handle.DangerousAddRef(ref isHeld);
            return node.Value.Handle;
        }
    }

    private LinkedListNode<(int File, SafeFileHandle Handle)>? Find(int file)
    {
        // Few, and the one wanted is mostly among the first.
        for (LinkedListNode<(int File, SafeFileHandle Handle)>? node = _open.First; node is not null; node = node.Next)
        {
            if (node.Value.File == file) return node;
        }

        return null;
    }

    private LinkedListNode<(int File, SafeFileHandle Handle)>? Open(int file)
    {
        try
        {
            return _open.AddFirst((file, folder.Open(file)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
