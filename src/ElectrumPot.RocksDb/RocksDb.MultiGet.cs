// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

public sealed unsafe partial class RocksDb
{
    /// <summary>Reads many keys as of one moment, each from its own column family.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cf">A family for each key; null reads all from the default one.</param>
    /// <param name="readOptions">Options of the read.</param>
    /// <returns>Each key with its value, which is null where the key is absent.</returns>
    public KeyValuePair<byte[], byte[]?>[] MultiGet(byte[][] keys, ColumnFamilyHandle[]? cf = null, ReadOptions? readOptions = null)
    {
        if (cf is not null && cf.Length != keys.Length)
            throw new ArgumentException($"{keys.Length} keys need as many column families, but there are {cf.Length}.", nameof(cf));

        byte[] packed = [.. keys.SelectMany(static key => key)];
        nuint[] lengths = [.. keys.Select(static key => (nuint)key.Length)];
        nint[] families = [.. Enumerable.Range(0, keys.Length).Select(i => Own(cf?[i]).Pointer)];
        nint[] pointers = new nint[keys.Length];
        nint[] values = new nint[keys.Length];
        nuint[] sizes = new nuint[keys.Length];
        nint[] errors = new nint[keys.Length];
        using (ReadScope scope = Enter(null, readOptions))
        {
            fixed (byte* bytes = packed)
            fixed (nuint* l = lengths, s = sizes)
            fixed (nint* f = families, p = pointers, v = values, e = errors)
            {
                byte* next = bytes;
                for (int i = 0; i < keys.Length; next += l[i], i++) p[i] = (nint)next;
                Native.rocksdb_multi_get_cf(scope.Db, scope.Options, f, (nuint)keys.Length, p, l, v, s, e);
            }
        }

        KeyValuePair<byte[], byte[]?>[] rows = new KeyValuePair<byte[], byte[]?>[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            byte[]? value = values[i] == 0 ? null : new ReadOnlySpan<byte>((void*)values[i], checked((int)sizes[i])).ToArray();
            Native.rocksdb_free(values[i]);
            rows[i] = new KeyValuePair<byte[], byte[]?>(keys[i], value);
        }

        nint failure = Array.Find(errors, static error => error != 0);
        foreach (nint other in errors)
        {
            if (other != failure) Native.rocksdb_free(other);
        }

        Native.ThrowOnError(failure);
        return rows;
    }
}
