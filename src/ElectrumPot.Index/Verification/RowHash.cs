// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// SipHash-2-4 with 128 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF"), under a key drawn anew for
/// each verification: what is in a database cannot have been made to fool it.
/// </summary>
internal readonly struct RowHash(ulong key0, ulong key1)
{
    public static RowHash Draw()
    {
        Span<byte> key = stackalloc byte[2 * sizeof(ulong)];
        RandomNumberGenerator.Fill(key);
        return new RowHash(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    public UInt128 Of(ReadOnlySpan<byte> row)
    {
        var state = new State(key0, key1);
        ReadOnlySpan<byte> rest = row;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong last = (ulong)row.Length << 56;
        for (int i = 0; i < rest.Length; i++)
            last |= (ulong)rest[i] << (8 * i);
        state.Absorb(last);
        return state.Finish();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736f6d6570736575;
        private ulong _v1 = key1 ^ 0x646f72616e646f6d ^ 0xee;
        private ulong _v2 = key0 ^ 0x6c7967656e657261;
        private ulong _v3 = key1 ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public UInt128 Finish()
        {
            _v2 ^= 0xee;
            ulong low = Squeeze();
            _v1 ^= 0xdd;
            return new UInt128(Squeeze(), low);
        }

        private ulong Squeeze()
        {
            for (int i = 0; i < 4; i++) Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v1;
            _v0 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}

/// <summary>
/// Number and sum of the hashes of a set of rows, in whatever order they come. Two sets with the same sum are equal but
/// for a chance of 2^-128: this compares tables of different order in constant memory.
/// </summary>
internal record struct RowSum(long Rows, UInt128 Hashes)
{
    public void Add(UInt128 hash)
    {
        Rows++;
        Hashes = unchecked(Hashes + hash);
    }
}
