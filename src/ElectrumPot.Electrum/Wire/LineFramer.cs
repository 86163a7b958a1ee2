// SPDX-License-Identifier: MIT

using System.Buffers;

namespace ElectrumPot.Electrum.Wire;

/// <summary>
/// Cuts a byte stream at each LF. Remembers how far it has looked, so that a long line that arrives in many pieces is
/// searched once and not once per piece.
/// </summary>
public struct LineFramer(int maxLineBytes)
{
    private const byte LineFeed = (byte)'\n';

    private long _searched;

    /// <summary>Takes the next line, without its LF, off the front of the buffer.</summary>
    /// <param name="buffer">
    /// All that has not been taken yet, always beginning where the previous call left it; more may be appended between
    /// calls, nothing removed.
    /// </param>
    /// <returns>False when no complete line is there, or the line at the front is too long.</returns>
    public bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        SequencePosition? end = buffer.Slice(_searched).PositionOf(LineFeed);
        if (end is null)
        {
            _searched = buffer.Length;
            line = default;
            return false;
        }

        line = buffer.Slice(0, end.Value);
        if (line.Length > maxLineBytes)
        {
            _searched = line.Length;
            line = default;
            return false;
        }

        _searched = 0;
        buffer = buffer.Slice(buffer.GetPosition(1, end.Value));
        return true;
    }

    /// <summary>Whether the line at the front is longer than allowed; asked after <see cref="TryReadLine"/> gave none.</summary>
    public readonly bool IsTooLong => _searched > maxLineBytes;
}
