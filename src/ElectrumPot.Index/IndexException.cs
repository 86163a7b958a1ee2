// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index;

/// <summary>The store cannot be used. The message says what happened and what to do; nothing is repaired silently.</summary>
public abstract class IndexException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another process has the database open.</summary>
public sealed class IndexBusyException(string message, Exception? inner = null) : IndexException(message, inner);

/// <summary>There is no database in the folder.</summary>
public sealed class IndexMissingException(string message, Exception? inner = null) : IndexException(message, inner);

/// <summary>The database was made for another coin, schema, or to keep less than is asked for now.</summary>
/// <param name="folder">Of the database, where a new import in its place would help.</param>
public sealed class IndexMismatchException(string message, string? folder = null) : IndexException(message)
{
    /// <summary>Null where the configuration is to be corrected instead.</summary>
    public string? Folder { get; } = folder;
}

/// <summary>The database contradicts itself. It must not be served from.</summary>
public sealed class IndexCorruptException(string message, Exception? inner = null) : IndexException(message, inner);

/// <summary>Reading or writing failed: disk full, I/O error. Data that is committed is not affected.</summary>
public sealed class IndexStorageException(string message, Exception? inner = null) : IndexException(message, inner);
