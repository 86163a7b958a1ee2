// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>What part of a key is its prefix. A recipe, as <see cref="BloomFilterPolicy"/> is.</summary>
public sealed class SliceTransform
{
    private readonly Func<nint> _create;

    private SliceTransform(Func<nint> create, int fixedLength = 0)
    {
        _create = create;
        FixedLength = fixedLength;
    }

    internal int FixedLength { get; }

    /// <summary>The first bytes of a key. The library must not meet shorter ones in a scan by prefix, so none can be written.</summary>
    public static SliceTransform CreateFixedPrefix(ulong fixedPrefixLength) =>
        new(() => Native.rocksdb_slicetransform_create_fixed_prefix((nuint)fixedPrefixLength), checked((int)fixedPrefixLength));

    public static SliceTransform CreateNoOp() => new(static () => Native.rocksdb_slicetransform_create_noop());

    internal nint CreateNative() => _create();
}
