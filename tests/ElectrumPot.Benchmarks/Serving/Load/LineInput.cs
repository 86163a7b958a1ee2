// SPDX-License-Identifier: MIT

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Collects bytes and cuts them at line feeds; looks at no byte twice.</summary>
internal sealed class LineInput(int capacity = 64 << 10)
{
    private const int MaxLine = 64 << 20;

    private byte[] _buffer = new byte[capacity];
    private int _start;
    private int _filled;
    private int _searched;

    /// <summary>Where the next bytes go; <see cref="Added"/> tells how many came.</summary>
    /// <exception cref="InvalidDataException">A line does not end.</exception>
    public Memory<byte> Free()
    {
        if (_start == _filled) _start = _filled = _searched = 0;
        if (_filled == _buffer.Length)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
                (_filled, _searched, _start) = (_filled - _start, _searched - _start, 0);
            }
            else
            {
                if (_buffer.Length >= MaxLine) throw new InvalidDataException("the server sends a line without an end");
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        return _buffer.AsMemory(_filled);
    }

    public void Added(int count) => _filled += count;

    /// <param name="line">Without its line feed; valid until the next call of <see cref="Free"/>.</param>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        int at = _buffer.AsSpan(_searched, _filled - _searched).IndexOf((byte)'\n');
        if (at < 0)
        {
            _searched = _filled;
            line = [];
            return false;
        }

        int end = _searched + at;
        line = _buffer.AsSpan(_start, end - _start);
        _start = _searched = end + 1;
        return true;
    }
}
