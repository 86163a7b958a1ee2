// SPDX-License-Identifier: MIT

using System.Buffers;

namespace RocksDbSharp;

public sealed unsafe partial class RocksDb
{
    /// <summary>Copies a value into the caller's memory, without allocating.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Takes the value.</param>
    /// <param name="length">Bytes of the value; 0 where the key is absent.</param>
    /// <param name="cf">The column family; null is the default one.</param>
    /// <param name="readOptions">Options of the read.</param>
    /// <returns>False where the key is absent.</returns>
    /// <exception cref="ArgumentException">The value is larger than the destination.</exception>
    public bool TryGet(
        ReadOnlySpan<byte> key, Span<byte> destination, out int length, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        using PinnedValue value = GetPinned(key, cf, readOptions);
        length = value.Span.Length;
        if (!value.IsFound) return false;
        if (length > destination.Length)
        {
            throw new ArgumentException(
                $"The value has {length} bytes, but the destination has room for {destination.Length}.", nameof(destination));
        }

        value.Span.CopyTo(destination);
        return true;
    }

    /// <summary>Reads a value in place, without copying or allocating. Dispose the result soon: it holds a block of the cache.</summary>
    public PinnedValue GetPinned(scoped ReadOnlySpan<byte> key, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        nint error = 0;
        nint slice;
        using (ReadScope scope = Enter(cf, readOptions))
        {
            fixed (byte* k = key)
                slice = Native.rocksdb_get_pinned_cf(scope.Db, scope.Options, scope.Family, k, (nuint)key.Length, &error);
            Native.ThrowOnError(error);
            return slice == 0 ? default : new PinnedValue(slice, _handle);
        }
    }

    /// <summary>Reads many keys of one column family at once; the library sorts them and reads each block once.</summary>
    /// <returns>The values, in the order of the keys; dispose them soon.</returns>
    public PinnedValues MultiGetPinned(
        ReadOnlySpan<ReadOnlyMemory<byte>> keys, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        int total = 0;
        foreach (ReadOnlyMemory<byte> key in keys) total = checked(total + key.Length);
        byte[] packed = ArrayPool<byte>.Shared.Rent(total);
        nuint[] lengths = ArrayPool<nuint>.Shared.Rent(keys.Length);
        try
        {
            int offset = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i].Span.CopyTo(packed.AsSpan(offset));
                lengths[i] = (nuint)keys[i].Length;
                offset += keys[i].Length;
            }

            return MultiGetPacked(packed, lengths.AsSpan(0, keys.Length), cf, readOptions);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<nuint>.Shared.Return(lengths);
        }
    }

    /// <summary>As the other overload, for keys of one length that lie one after another.</summary>
    public PinnedValues MultiGetPinned(
        ReadOnlySpan<byte> keys, int keyLength, ColumnFamilyHandle? cf = null, ReadOptions? readOptions = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keyLength);
        (int count, int rest) = Math.DivRem(keys.Length, keyLength);
        if (rest != 0) throw new ArgumentException($"{keys.Length} bytes are no whole number of keys of {keyLength} bytes.", nameof(keys));
        nuint[] lengths = ArrayPool<nuint>.Shared.Rent(count);
        try
        {
            lengths.AsSpan(0, count).Fill((nuint)keyLength);
            return MultiGetPacked(keys, lengths.AsSpan(0, count), cf, readOptions);
        }
        finally
        {
            ArrayPool<nuint>.Shared.Return(lengths);
        }
    }

    private PinnedValues MultiGetPacked(
        ReadOnlySpan<byte> packed, ReadOnlySpan<nuint> lengths, ColumnFamilyHandle? cf, ReadOptions? readOptions)
    {
        int count = lengths.Length;
        nint[] slices = ArrayPool<nint>.Shared.Rent(count);
        nint[] pointers = ArrayPool<nint>.Shared.Rent(2 * count);
        nint failure = 0;
        using ReadScope scope = Enter(cf, readOptions);
        fixed (byte* bytes = packed)
        fixed (nuint* sizes = lengths)
        fixed (nint* keys = pointers, values = slices)
        {
            nint* errors = keys + count;
            byte* next = bytes;
            for (int i = 0; i < count; next += sizes[i], i++) keys[i] = (nint)next;

            // The input is declared unsorted: the library asserts a claim to the contrary, and an assertion ends the process.
            Native.rocksdb_batched_multi_get_cf(scope.Db, scope.Options, scope.Family, (nuint)count, keys, sizes, values, errors, 0);
            for (int i = 0; i < count; i++)
            {
                if (errors[i] == 0) continue;
                if (failure == 0) failure = errors[i];
                else Native.rocksdb_free(errors[i]);
            }
        }

        ArrayPool<nint>.Shared.Return(pointers);
        PinnedValues result = new(slices, count, _handle);
        if (failure != 0)
        {
            result.Dispose();
            Native.ThrowOnError(failure);
        }

        return result;
    }
}

/// <summary>A value read in place. Dispose the original once, not a copy of it.</summary>
public unsafe ref struct PinnedValue
{
    private readonly DbHandle? _db;
    private nint _slice;

    internal PinnedValue(nint slice, DbHandle db)
    {
        db.Retain();
        _db = db;
        _slice = slice;
        nuint length;
        byte* value = Native.rocksdb_pinnableslice_value(slice, &length);
        Span = new ReadOnlySpan<byte>(value, checked((int)length));
        IsFound = true;
    }

    /// <summary>The value, valid until disposal; empty where the key is absent.</summary>
    public ReadOnlySpan<byte> Span { get; private set; }

    public bool IsFound { get; }

    public void Dispose()
    {
        if (_slice == 0) return;
        Native.rocksdb_pinnableslice_destroy(_slice);
        _slice = 0;
        Span = default;
        _db!.Release();
    }
}

/// <summary>The values of many keys read at once. Dispose the original once, not a copy of it.</summary>
public unsafe ref struct PinnedValues
{
    private readonly DbHandle _db;
    private nint[]? _slices;

    internal PinnedValues(nint[] slices, int count, DbHandle db)
    {
        db.Retain();
        _db = db;
        _slices = slices;
        Count = count;
    }

    public int Count { get; }

    /// <param name="index">The key's place in the request.</param>
    /// <param name="value">The value, valid until disposal; empty where the key is absent.</param>
    /// <returns>False where the key is absent.</returns>
    public readonly bool TryGet(int index, out ReadOnlySpan<byte> value)
    {
        ObjectDisposedException.ThrowIf(_slices is null, typeof(PinnedValues));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        value = default;
        nint slice = _slices[index];
        if (slice == 0) return false;
        nuint length;
        byte* start = Native.rocksdb_pinnableslice_value(slice, &length);
        value = new ReadOnlySpan<byte>(start, checked((int)length));
        return true;
    }

    public void Dispose()
    {
        if (_slices is null) return;
        foreach (nint slice in _slices.AsSpan(0, Count))
        {
            if (slice != 0) Native.rocksdb_pinnableslice_destroy(slice);
        }

        ArrayPool<nint>.Shared.Return(_slices);
        _slices = null;
        _db.Release();
    }
}
