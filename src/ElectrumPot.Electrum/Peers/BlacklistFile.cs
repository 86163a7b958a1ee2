// SPDX-License-Identifier: MIT

using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Peers;

/// <summary>Keeps the blacklist as its file has it. A file that cannot be read changes nothing, and is tried again.</summary>
internal sealed class BlacklistFile(string? path, TimeProvider time, ILogger log)
{
    private const int MaxBytes = 1_000_000;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private volatile Blacklist _current = Blacklist.Empty;
    private (DateTime Written, long Length)? _read;
    private long? _lookedAt;
    private string _problem = "";

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
            byte[]? content = seen is { Length: <= MaxBytes } ? File.ReadAllBytes(path) : null;
            // From here on, only another content can be of use.
            _read = seen;
            if (seen is null) return Set(Blacklist.Empty);
            if (content is not null) return Set(Blacklist.Parse(content));
            Warn($"it is larger than {MaxBytes} bytes");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            Warn(failure.Message);
        }

        return false;
    }

    private bool Set(Blacklist blacklist)
    {
        _current = blacklist;
        _problem = "";
        log.LogInformation("blacklist {File}: {Count} entries", path, blacklist.Count);
        return true;
    }

    /// <summary>Once, however often it is tried again.</summary>
    private void Warn(string problem)
    {
        if (problem == _problem) return;
        _problem = problem;
        log.LogWarning("the blacklist {File} cannot be used: {Reason}; the one before stays in force", path, problem);
    }
}
