// SPDX-License-Identifier: MIT

using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Keeps the blacklist as its file has it. A file that cannot be read changes nothing.</summary>
internal sealed class BlacklistFile(string? path, TimeProvider time, ILogger log)
{
    private const int MaxBytes = 1_000_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private volatile Blacklist _current = Blacklist.Empty;
    private (DateTime Written, long Length)? _read;
    private long? _lookedAt;

    public Blacklist Current => _current;

    /// <summary>Reads the file if it has changed; looks no more often than every ten seconds.</summary>
    /// <returns>Whether <see cref="Current"/> is another one now.</returns>
    public bool Refresh()
    {
        if (path is null || (_lookedAt is { } looked && time.GetElapsedTime(looked) < LookInterval)) return false;
        _lookedAt = time.GetTimestamp();
        try
        {
            var file = new FileInfo(path);
            (DateTime Written, long Length)? seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
            if (seen == _read) return false;
            _read = seen;
            if (seen is null) return Set(Blacklist.Empty);
            if (file.Length <= MaxBytes) return Set(Blacklist.Parse(File.ReadAllBytes(path)));
            log.LogWarning("the blacklist {File} is larger than {Max} bytes; the one before stays in force", path, MaxBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            log.LogWarning("the blacklist {File} cannot be used: {Reason}; the one before stays in force", path, failure.Message);
        }

        return false;
    }

    private bool Set(Blacklist blacklist)
    {
        _current = blacklist;
        log.LogInformation("blacklist {File}: {Count} entries", path, blacklist.Count);
        return true;
    }
}
