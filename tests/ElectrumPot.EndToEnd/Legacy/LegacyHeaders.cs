// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text.Json;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Legacy;

/// <summary>The header file of Electrum-POT 1.9.8.1: chunks and single headers that have to connect.</summary>
internal sealed class LegacyHeaders
{
    public const int ChunkSize = 2016;
    private const int HeaderSize = 80;

    private readonly List<byte[]> _headers = [];

    public NaiveFormat Format { get; init; } = NaiveFormat.Litecoin;

    public int Height => _headers.Count - 1;

    public string HeaderHex(int height) => Convert.ToHexStringLower(_headers[height]);

    public string MerkleRoot(int height) => Convert.ToHexStringLower([.. _headers[height][36..68].Reverse()]);

    public void TakeOverChunk(int index, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        if (bytes.Length % HeaderSize != 0) throw new LegacyThreadDiedException("header thread", "a chunk has an odd size");
        if (index * ChunkSize < _headers.Count) _headers.RemoveRange(index * ChunkSize, _headers.Count - (index * ChunkSize));
        foreach (byte[] header in bytes.Chunk(HeaderSize))
        {
            if (PreviousOf(header) != HashAt(Height)) throw new LegacyThreadDiedException("header thread", "a chunk does not connect");
            _headers.Add(header);
        }
    }

    /// <summary>Whether the header follows one that is there.</summary>
    public bool Connects(JsonElement header)
    {
        int height = header.GetProperty("block_height").GetInt32();
        return height <= Height + 1 && PreviousOf(Serialise(header)) == HashAt(height - 1);
    }

    public void TakeOver(JsonElement header)
    {
        int height = header.GetProperty("block_height").GetInt32();
        _headers.RemoveRange(height, _headers.Count - height);
        _headers.Add(Serialise(header));
    }

    /// <summary>Back from the dictionary to the 80 bytes, as the client does to check its hash.</summary>
    private static byte[] Serialise(JsonElement header)
    {
        byte[] bytes = new byte[HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header.GetProperty("version").GetInt32());
        Reversed(header.GetProperty("prev_block_hash").GetString()!).CopyTo(bytes, 4);
        Reversed(header.GetProperty("merkle_root").GetString()!).CopyTo(bytes, 36);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(68), header.GetProperty("timestamp").GetUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(72), header.GetProperty("bits").GetUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(76), header.GetProperty("nonce").GetUInt32());
        return bytes;
    }

    private static byte[] Reversed(string hash)
    {
        byte[] bytes = Convert.FromHexString(hash);
        if (bytes.Length != 32) throw new LegacyThreadDiedException("header thread", "a hash has not 64 digits");
        Array.Reverse(bytes);
        return bytes;
    }

    private static string PreviousOf(byte[] header) => Convert.ToHexStringLower([.. header[4..36].Reverse()]);

    private string HashAt(int height) => height < 0 ? new string('0', 64) : NaiveReader.DisplayHash(_headers[height]);
}
