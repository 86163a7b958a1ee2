// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Globalization;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.ChainGeneration;

/// <summary>
/// Writes blocks as a daemon does: into <c>blk00000.dat</c> and so on of at most 128 MB, grown by 16 MB at a time so that the
/// last one ends in zeros, and not quite in the order of the chain, as they come from several peers.
/// </summary>
internal sealed class BlockFileWriter(string folder, ReadOnlyMemory<byte> magic, DeterministicRandom random) : IDisposable
{
    private const int MaxFileBytes = 0x8000000;
    private const int ChunkBytes = 16 << 20;
    private const int FrameBytes = 8;

    /// <summary>Blocks that wait to be written in any order.</summary>
    private const int Disorder = 8;

    private readonly List<BlockPlace> _places = [];
    private readonly List<(int Height, byte[] Raw)> _waiting = [];
    private FileStream? _file;
    private int _number = -1;

    /// <summary>Where each block went, by height.</summary>
    public IReadOnlyList<BlockPlace> Places => _places;

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"blk{number:00000}.dat");

    public void Add(ReadOnlySpan<byte> raw, Hash256 hash)
    {
        _places.Add(new BlockPlace(0, 0, raw.Length, hash));
        _waiting.Add((_places.Count - 1, raw.ToArray()));
        // The first block is the first in every daemon's files.
        while (_places.Count == 1 ? _waiting.Count > 0 : _waiting.Count > Disorder)
            WriteOne(random.Below(_waiting.Count));
    }

    public void Finish()
    {
        while (_waiting.Count > 0)
            WriteOne(0);
        Close();
    }

    public void Dispose() => _file?.Dispose();

    private void WriteOne(int index)
    {
        (int height, byte[] raw) = _waiting[index];
        _waiting.RemoveAt(index);
        if (_file is null || _file.Position + raw.Length + FrameBytes > MaxFileBytes)
        {
            Close();
            _file = new FileStream(Path.Combine(folder, NameOf(++_number)), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20);
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, raw.Length);
        _file.Write(magic.Span);
        _file.Write(length);
        _places[height] = _places[height] with { File = _number, Offset = (uint)_file.Position };
        _file.Write(raw);
    }

    private void Close()
    {
        if (_file is null) return;
        long end = _file.Position;
        _file.Flush();
        _file.SetLength(Math.Min((end + ChunkBytes - 1) / ChunkBytes * ChunkBytes, Math.Max(end, MaxFileBytes)));
        _file.Dispose();
        _file = null;
    }
}
