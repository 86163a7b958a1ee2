// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>
/// How the filter of a table is built. This is a recipe: the native policy is made anew for every table options object, since the
/// library takes possession of the one it gets.
/// </summary>
public sealed partial class BloomFilterPolicy
{
    private readonly Func<nint> _create;

    private BloomFilterPolicy(Func<nint> create) => _create = create;

    /// <summary>A Bloom filter: 10 bits per key answer wrongly for about one absent key in a hundred.</summary>
    public static BloomFilterPolicy Create(double bitsPerKey = 10, bool useBlockBasedBuilder = true) =>
        new(useBlockBasedBuilder
            ? () => Native.rocksdb_filterpolicy_create_bloom(bitsPerKey)
            : () => Native.rocksdb_filterpolicy_create_bloom_full(bitsPerKey));

    internal nint CreateNative() => _create();
}
