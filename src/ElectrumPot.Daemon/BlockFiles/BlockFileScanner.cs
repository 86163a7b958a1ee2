// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// One pass over the block files in the order of their numbers, in large reads. Files are read and not mapped, because the
/// daemon truncates them. A chunk is shared by the blocks cut from it and left to the collector: whoever takes a block may keep
/// it, which keeps the chunk.
/// </summary>
internal sealed class BlockFileScanner : IDisposable
{
    private readonly BlockFileFolder _folder;
    private readonly BlockFileOptions _options;
    private readonly ILogger _log;
    private SafeFileHandle? _handle;
    private int _file;
    private byte[] _chunk = [];
    private bool _isChunkShared;
    private long _chunkOffset;
    private int _length;
    private int _at;
    private int _wanted;
    private BlockPosition _last;
    private Hash256 _lastHash;

    /// <param name="firstFile">Where the pass begins; the next that is there if it is not.</param>
    public BlockFileScanner(BlockFileFolder folder, int firstFile, BlockFileOptions options, ILogger log)
    {
        _folder = folder;
        _options = options;
        _log = log;
        _file = firstFile - 1;
    }

    /// <summary>Total of the records that were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>The next block.</summary>
    /// <returns>False at the end of what is written. The files grow: it may be asked again later.</returns>
    public bool TryRead(out ScannedBlock block, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryCut(out block, cancellationToken))
            {
                // After an end the last record is looked at again, for it may have been half written.
                if (block.Position == _last && block.Hash == _lastHash) continue;
                (_last, _lastHash) = (block.Position, block.Hash);
                Bytes += block.Raw.Length;
                return true;
            }

            if (ReadOn()) continue;
            if (NextFile() is not { } next)
            {
                StepBack();
                return false;
            }

            // What was appended before the daemon went on to the next file must not be passed over.
            if (!ReadOn()) Open(next);
        }
    }

    public void Dispose() => _handle?.Dispose();

    /// <summary>Cuts the next record out of the chunk; what is no record is skipped.</summary>
    /// <returns>False when more has to be read for that.</returns>
    private bool TryCut(out ScannedBlock block, CancellationToken cancellationToken)
    {
        block = default;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> rest = _chunk.AsSpan(_at, _length - _at);
            int magic = rest.IndexOf(_folder.Magic);
            if (magic < 0)
            {
                _wanted = 0;
                // The magic may lie across the end of the chunk.
                _at += Math.Max(0, rest.Length - _folder.Magic.Length + 1);
                return false;
            }

            _at += magic;
            rest = rest[magic..];
            if (rest.Length < BlockFileFolder.RecordHead) return false;
            if (LengthAt(rest) is not { } length)
            {
                _at += _folder.Magic.Length;
                continue;
            }

            int size = BlockFileFolder.RecordHead + length;
            _wanted = size + BlockFileFolder.RecordHead;
            bool isEndInSight = rest.Length >= _wanted || !HasMore();
            if (!isEndInSight) return false;
            bool isFollowed = rest.Length > size && rest[size..].StartsWith(_folder.Magic);
            if (!isFollowed && FindRecord(rest[..Math.Min(_wanted - 1, rest.Length)]) is { } inner)
            {
                // The daemon died while it wrote this one, and began the next before its end.
                _at += inner;
                continue;
            }

            if (rest.Length < size) return false;
            _wanted = 0;
            block = Cut(length, isLast: !isFollowed);
            _at += size;
            return true;
        }
    }

    private ScannedBlock Cut(int length, bool isLast)
    {
        int start = _at + BlockFileFolder.RecordHead;
        ReadOnlyMemory<byte> raw = _chunk.AsMemory(start, length);
        _isChunkShared = true;
        return new ScannedBlock(new BlockPosition(_file, (uint)(_chunkOffset + start), length), BlockHeader.HashOf(raw.Span), raw, isLast);
    }

    /// <summary>The length behind a magic; null when it is none of a block.</summary>
    private int? LengthAt(ReadOnlySpan<byte> record)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(record[_folder.Magic.Length..]);
        return length >= BlockFileFolder.MinBlockBytes && length <= _folder.MaxBlockBytes ? (int)length : null;
    }

    /// <summary>Where another record begins inside what claims to be one.</summary>
    private int? FindRecord(ReadOnlySpan<byte> record)
    {
        int at = BlockFileFolder.RecordHead;
        while (record[at..].IndexOf(_folder.Magic) is >= 0 and var magic && at + magic + BlockFileFolder.RecordHead <= record.Length)
        {
            at += magic;
            if (LengthAt(record[at..]) is not null) return at;
            at += _folder.Magic.Length;
        }

        return null;
    }

    /// <summary>Whether the file has bytes behind those of the chunk.</summary>
    private bool HasMore() => SizeOfFile() > _chunkOffset + _length;

    /// <summary>Reads the next chunk, which begins with what is left of this one.</summary>
    /// <returns>False when the file has no more.</returns>
    private bool ReadOn()
    {
        long offset = _chunkOffset + _at;
        int left = _length - _at;
        long inFile = SizeOfFile() - offset;
        if (inFile <= left) return false;

        // A chunk more than is wanted: a block full of what looks like records may want as much again at each of them.
        int size = (int)Math.Min(Math.Min((long)_options.ChunkBytes + _wanted, inFile), Array.MaxLength);
        if (_isChunkShared || _chunk.Length < size)
        {
            _chunk = GC.AllocateUninitializedArray<byte>(size);
            _isChunkShared = false;
        }

        (_chunkOffset, _at, _length) = (offset, 0, 0);
        try
        {
            _length = _folder.Read(_handle!, _chunk.AsSpan(0, size), offset);
        }
        catch (IOException failure)
        {
            GiveUpFile(failure);
            return false;
        }

        return _length > left;
    }

    /// <summary>Bytes of the file that a position can name.</summary>
    private long SizeOfFile()
    {
        if (_handle is null) return 0;
        try
        {
            return Math.Min(RandomAccess.GetLength(_handle), uint.MaxValue);
        }
        catch (IOException failure)
        {
            GiveUpFile(failure);
            return 0;
        }
    }

    private int? NextFile()
    {
        foreach (int file in _folder.ListFiles())
        {
            if (file > _file) return file;
        }

        return null;
    }

    private void Open(int file)
    {
        _handle?.Dispose();
        _handle = null;
        (_file, _chunkOffset, _at, _length, _wanted) = (file, 0, 0, 0, 0);
        try
        {
            _handle = _folder.Open(file, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            GiveUpFile(failure);
        }
    }

    /// <summary>A file that cannot be read is as good as one that is not there: its blocks will be missed, and asked for.</summary>
    private void GiveUpFile(Exception failure)
    {
        _log.BlockFileUnreadable(_folder.PathOf(_file), failure.Message);
        _handle?.Dispose();
        _handle = null;
    }

    /// <summary>Back to the last record, or to the beginning of the file: where to look when the file has grown.</summary>
    private void StepBack()
    {
        long back = _last.Length > 0 && _last.File == _file ? _last.Offset - BlockFileFolder.RecordHead : 0;
        (_chunkOffset, _at, _length, _wanted) = (back, 0, 0, 0);
    }
}
