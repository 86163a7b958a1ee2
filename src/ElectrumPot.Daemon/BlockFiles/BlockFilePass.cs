// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>
/// Takes blocks in the order of the chain out of files that have them in the order of their arrival: one pass over the files,
/// and positions of what was met before its turn.
/// </summary>
internal sealed class BlockFilePass(BlockFileFolder folder, int firstFile, IReadOnlySet<Hash256> firstHashes, BlockFileOptions options, ILogger log)
    : IDisposable
{
    private readonly BlockFileScanner _scanner = new(folder, firstFile, options, log);
    private readonly BlockFileReader _reader = new(folder, options);
    private readonly PositionWindow _window = new(options.WindowBlocks);
    // Blocks before the range do not count as looked through: the pass may have to begin far ahead of it.
    private IReadOnlySet<Hash256>? _firstHashes = firstHashes;
    private long _scanned;
    private long _frontier;

    /// <summary>The pass has met the end of what is written.</summary>
    public bool IsAtEnd { get; private set; }

    public bool Has(Hash256 hash) => _window.Contains(hash);

    /// <summary>Finds the next block of the chain.</summary>
    /// <returns>False when it is not in the files, or further on than one looks.</returns>
    public bool TryTake(Hash256 hash, out ReadOnlyMemory<byte> raw, out BlockPosition position, CancellationToken cancellationToken)
    {
        if (TryReadAgain(hash, out raw, out position)) return true;
        bool isFresh = IsAtEnd;
        while (_scanned - _frontier < Lookahead())
        {
            IsAtEnd = !_scanner.TryRead(out ScannedBlock block, cancellationToken);
            if (IsAtEnd && isFresh) break;
            if (IsAtEnd)
            {
                // The end was that of a chunk that may have been read long ago; what the daemon has written since is looked at once.
                isFresh = true;
                continue;
            }

            _scanned++;
            bool isWanted = block.Hash == hash;
            if (_firstHashes is { } range && range.Contains(block.Hash))
                _firstHashes = null;
            if (_firstHashes is not null || isWanted)
                _frontier = _scanned;
            if (isWanted && !block.IsLast)
            {
                (raw, position) = (block.Raw, block.Position);
                return true;
            }

            _window.Add(block.Hash, block.Position, _scanned);
            // By the time the daemon told its hash it was written, but the chunk may be older.
            if (isWanted && TryReadAgain(hash, out raw, out position)) return true;
        }

        (raw, position) = (default, default);
        return false;
    }

    public void Dispose()
    {
        _scanner.Dispose();
        _reader.Dispose();
    }

    private bool TryReadAgain(Hash256 hash, out ReadOnlyMemory<byte> raw, out BlockPosition position)
    {
        raw = default;
        if (!_window.TryTake(hash, out position, out long ordinal) || !_reader.TryRead(position, hash, out raw)) return false;
        _frontier = Math.Max(_frontier, ordinal);
        return true;
    }

    /// <summary>How many blocks beyond the last that was found are looked at.</summary>
    private long Lookahead() => _scanned == 0
        ? options.MaxLookaheadBlocks
        : Math.Clamp(options.LookaheadBytes / Math.Max(1, _scanner.Bytes / _scanned), options.MinLookaheadBlocks, options.MaxLookaheadBlocks);
}
