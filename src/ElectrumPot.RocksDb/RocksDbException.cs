// SPDX-License-Identifier: MIT

namespace RocksDbSharp;

/// <summary>An error of this binding or of the library below it.</summary>
public class RocksDbSharpException : Exception
{
    public RocksDbSharpException(string message)
        : base(message)
    {
    }
}

/// <summary>What a failed operation means to the one who runs the server.</summary>
public enum RocksDbErrorKind
{
    /// <summary>None of the others; the message is the library's.</summary>
    Other,

    /// <summary>The stored data contradicts itself or its checksums. Stop; never write on.</summary>
    Corruption,

    /// <summary>The system failed to read or write a file. The data itself may be sound: stop, mend the disk, start again.</summary>
    IoError,

    /// <summary>The disk or a quota is full.</summary>
    NoSpace,

    /// <summary>The database is open already, in another process or in this one.</summary>
    LockHeld,

    /// <summary>The library refuses the request: a missing database, an unknown column family, keys out of order.</summary>
    InvalidArgument,

    /// <summary>The operation does not exist in this mode, for instance a write to a read-only database.</summary>
    NotSupported,

    /// <summary>The library for this system could not be loaded.</summary>
    LibraryMissing,
}

/// <summary>The text of a failed operation, and its kind, read from the text since the C interface passes nothing else.</summary>
public class RocksDbException : RocksDbSharpException
{
    internal RocksDbException(RocksDbErrorKind kind, string message)
        : base(message) => Kind = kind;

    public RocksDbErrorKind Kind { get; }

    internal static RocksDbException Create(string text, string? path)
    {
        // Some messages end with a line feed, and would break the one line that an operator is told.
        text = text.ReplaceLineEndings(" ").TrimEnd();
        RocksDbErrorKind kind = Classify(text);
        if (kind != RocksDbErrorKind.LockHeld) return new RocksDbException(kind, text);

        string place = path ?? "at the place named below";
        bool own = text.Contains("current process", StringComparison.Ordinal);
        return new RocksDbException(
            kind,
            own
                ? $"This process already has the database {place} open ({text})."
                : $"Another process uses the database {place}: stop it first ({text}).");
    }

    /// <summary>Reads the kind from the prefixes that the library's <c>Status::ToString</c> writes.</summary>
    internal static RocksDbErrorKind Classify(string text)
    {
        if (text.StartsWith("Corruption", StringComparison.Ordinal)) return RocksDbErrorKind.Corruption;
        if (text.StartsWith("Invalid argument", StringComparison.Ordinal)) return RocksDbErrorKind.InvalidArgument;
        if (text.StartsWith("Not implemented", StringComparison.Ordinal)) return RocksDbErrorKind.NotSupported;
        if (!text.StartsWith("IO error", StringComparison.Ordinal)) return RocksDbErrorKind.Other;

        bool full = text.Contains("No space left on device", StringComparison.Ordinal)
            || text.Contains("Disk quota exceeded", StringComparison.Ordinal)
            || text.Contains("Space limit reached", StringComparison.Ordinal);
        if (full) return RocksDbErrorKind.NoSpace;

        bool locked = text.Contains("lock hold by current process", StringComparison.Ordinal)
            || text.Contains("While lock file", StringComparison.Ordinal);
        return locked ? RocksDbErrorKind.LockHeld : RocksDbErrorKind.IoError;
    }
}
