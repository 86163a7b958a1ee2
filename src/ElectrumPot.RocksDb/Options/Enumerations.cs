// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

public enum Compression
{
    No = 0,
    Snappy = 1,
    Zlib = 2,
    Bz2 = 3,
    Lz4 = 4,
    Lz4hc = 5,
    Xpress = 6,
    Zstd = 7,
}

public enum Compaction
{
    Level = 0,
    Universal = 1,
    Fifo = 2,
}

/// <summary>What to do with a write-ahead log that ends in the middle of a record.</summary>
public enum Recovery
{
    /// <summary>Forgives an incomplete last record, and nothing else.</summary>
    TolerateCorruptedTailRecords = 0,

    /// <summary>Forgives nothing.</summary>
    AbsoluteConsistency = 1,

    /// <summary>Keeps everything before the first bad record. The library's default.</summary>
    PointInTime = 2,

    /// <summary>Keeps every good record, before or after bad ones.</summary>
    SkipAnyCorruptedRecords = 3,
}

public enum InfoLogLevel
{
    Debug = 0,
    Info = 1,
    Warn = 2,
    Error = 3,
    Fatal = 4,
    Header = 5,
}

public enum BlockBasedTableIndexType
{
    BinarySearch = 0,
    HashSearch = 1,
    TwoLevelIndexSearch = 2,
}
