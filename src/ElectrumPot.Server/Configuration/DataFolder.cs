// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Configuration;

/// <summary>Where everything that has to be kept lies.</summary>
internal static class DataFolder
{
    private static readonly string[] FoldersOf2014 = ["utxo", "addr", "hist", "undo"];

    public static string Locate(ServerConfiguration configuration) =>
        configuration.GetPath(RocksDbSection.Path) ?? (Environment.IsPrivilegedProcess ? "/var/lib/electrum-pot" : Path.Combine(UserData(), "electrum-pot"));

    /// <summary>The database itself: may be deleted and made again from the daemon, unlike its neighbours.</summary>
    public static string Index(ServerConfiguration configuration) => Path.Combine(Locate(configuration), "index");

    /// <summary>Where snapshots go that are given no other place.</summary>
    public static string Snapshots(ServerConfiguration configuration) => Path.Combine(Locate(configuration), "snapshots");

    /// <summary>The user's own folder for data (XDG base directories).</summary>
    public static string UserData() => Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");

    /// <summary>Whether a LevelDB database of the 2014 server lies here, which is of no use to this one.</summary>
    public static bool HasDatabaseOf2014(string folder) => FoldersOf2014.All(name => Directory.Exists(Path.Combine(folder, name)));

    /// <summary>Whether everything in the folder is lost when the machine restarts.</summary>
    public static bool IsInMemory(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The folder itself is examined, with messages, when it is opened.
            return false;
        }
    }
}
