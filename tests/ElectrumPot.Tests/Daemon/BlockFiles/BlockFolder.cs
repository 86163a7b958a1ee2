// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Tests.Server;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>Block files made by a test, byte by byte.</summary>
internal sealed class BlockFolder(byte[]? key = null) : IDisposable
{
    /// <summary>Potcoin's.</summary>
    public static readonly byte[] Magic = [0xfb, 0xc0, 0xb6, 0xdb];

    private const int RecordHead = 8;

    private readonly TestFolder _folder = new();

    public string Path => _folder.Path;

    public string FileOf(int number) => _folder[$"blk{number:D5}.dat"];

    /// <summary>What a reader knows of the folder, without the proof that it is the coin's.</summary>
    public BlockFileFolder For(Coin coin)
    {
        if (key is not null) File.WriteAllBytes(_folder["xor.dat"], key);
        return new BlockFileFolder(Path, coin, key is null ? ObfuscationKey.None : ObfuscationKey.From(key));
    }

    /// <summary>Appends a record and tells where the block in it stands.</summary>
    public BlockPosition Append(int file, byte[] block, byte[]? magic = null)
    {
        long offset = Write(file, Record(block, magic));
        return new BlockPosition(file, (uint)(offset + RecordHead), block.Length);
    }

    public void Append(int file, IEnumerable<byte[]> blocks)
    {
        foreach (byte[] block in blocks) Append(file, block);
    }

    /// <returns>Where the bytes begin.</returns>
    public long AppendBytes(int file, byte[] bytes) => Write(file, [.. bytes]);

    /// <summary>As preallocation leaves them: not masked, whatever the key.</summary>
    public void AppendZeros(int file, int count)
    {
        using FileStream stream = Open(file, FileMode.Append);
        stream.Write(new byte[count]);
    }

    public static byte[] Record(byte[] block, byte[]? magic = null)
    {
        byte[] record = [.. magic ?? Magic, 0, 0, 0, 0, .. block];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), block.Length);
        return record;
    }

    /// <summary>Writes over what is there.</summary>
    public void Overwrite(int file, long offset, byte[] bytes)
    {
        using FileStream stream = Open(file, FileMode.Open);
        stream.Position = offset;
        stream.Write(Masked([.. bytes], offset));
    }

    public void Truncate(int file, long length)
    {
        using FileStream stream = Open(file, FileMode.Open);
        stream.SetLength(length);
    }

    public void Dispose() => _folder.Dispose();

    private long Write(int file, byte[] bytes)
    {
        using FileStream stream = Open(file, FileMode.Append);
        long offset = stream.Position;
        stream.Write(Masked(bytes, offset));
        return offset;
    }

    /// <summary>As a daemon opens them: without regard to who reads.</summary>
    private FileStream Open(int file, FileMode mode) => new(FileOf(file), mode, FileAccess.Write, FileShare.ReadWrite);

    /// <summary>Byte by byte, unlike what is tested.</summary>
    private byte[] Masked(byte[] bytes, long offset)
    {
        if (key is null) return bytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] ^= key[(offset + i) % key.Length];
        return bytes;
    }
}
