// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>The native options object. The library copies it when a database opens, so later changes touch only later openings.</summary>
public abstract unsafe class OptionsHandle
{
    private readonly NativeHandle _handle = new(Native.rocksdb_options_create(), &Native.rocksdb_options_destroy);

    internal nint Pointer => _handle.Pointer;

    /// <summary>Bytes of the fixed key prefix, or 0.</summary>
    internal int PrefixLength { get; private protected set; }

    internal bool Merges { get; private protected set; }
}
