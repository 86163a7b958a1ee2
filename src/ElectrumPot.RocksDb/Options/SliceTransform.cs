// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>What part of a key is its prefix. A recipe, as <see cref="BloomFilterPolicy"/> is.</summary>
public sealed class SliceTransform
{
    private readonly Func<nint> _create;

    private SliceTransform(Func<nint> create) => _create = create;

    /// <summary>The first bytes of a key; a shorter key has no prefix.</summary>
    public static SliceTransform CreateFixedPrefix(ulong fixedPrefixLength) =>
        new(() => Native.rocksdb_slicetransform_create_fixed_prefix((nuint)fixedPrefixLength));

    public static SliceTransform CreateNoOp() => new(static () => Native.rocksdb_slicetransform_create_noop());

    internal nint CreateNative() => _create();
}
