// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;

namespace ElectrumPot.Daemon.BlockFiles;

/// <summary>Finds the block files that an operator meant: he may name the daemon's data folder, that of a network in it, or the folder of the files.</summary>
public static class BlockFileLocator
{
    private const string Blocks = "blocks";
    private const string KeyFile = "xor.dat";

    /// <param name="path">Absolute.</param>
    /// <exception cref="BlockFilesException">There are none that can be read and begin with the coin's first block.</exception>
    public static BlockFileFolder Find(string path, Coin coin)
    {
        if (File.Exists(path))
            throw new BlockFilesException($"{path} is a file; datadir has to be the daemon's data folder");
        BlockFilesException? problem = null;
        foreach (string candidate in Candidates(path))
        {
            try
            {
                if (TryOpen(candidate, coin) is { } folder) return folder;
            }
            catch (BlockFilesException found)
            {
                // The first is the one nearest to what was named.
                problem ??= found;
            }
        }

        throw problem ?? new BlockFilesException(
            Directory.Exists(path)
                ? $"{path} has no block files (blocks/blk00000.dat); datadir has to be the daemon's data folder"
                : $"{path} does not exist; datadir has to be the daemon's data folder");
    }

    /// <summary>The folder itself, then as a data folder, then as one with a folder for each network (<c>regtest</c>, <c>testnet3</c>).</summary>
    private static IEnumerable<string> Candidates(string path)
    {
        yield return path;
        yield return Path.Combine(path, Blocks);
        string[] networks = [];
        try
        {
            networks = Directory.GetDirectories(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The folder itself was tried before, with its message.
        }

        Array.Sort(networks, StringComparer.Ordinal);
        foreach (string network in networks)
            yield return Path.Combine(network, Blocks);
    }

    /// <returns>Null when it has no block files.</returns>
    private static BlockFileFolder? TryOpen(string path, Coin coin)
    {
        try
        {
            IReadOnlyList<int> files = BlockFileFolder.ListFiles(path);
            if (files.Count == 0) return null;
            if (files[0] != 0)
                throw new BlockFilesException($"{path} does not begin with blk00000.dat: the daemon has pruned its blocks (prune=)");
            var folder = new BlockFileFolder(path, coin, ReadKey(path));
            // Opened for the failure that says why it cannot be.
            folder.Open(0).Dispose();
            return folder.ReadFirstHeader(0)?.ComputeHash() == coin.GenesisHash
                ? folder
                : throw new BlockFilesException($"{folder.PathOf(0)} does not begin with the first block of {coin.Name}; are these files of another coin or network?");
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new BlockFilesException(
                $"cannot read {path} (permission denied): add the server's user {Environment.UserName} to the group of the folder and let the group read it", denied);
        }
        catch (IOException failure)
        {
            throw new BlockFilesException($"cannot read {path}: {failure.Message}", failure);
        }
    }

    private static ObfuscationKey ReadKey(string folder)
    {
        string path = Path.Combine(folder, KeyFile);
        if (!File.Exists(path)) return ObfuscationKey.None;
        Span<byte> key = stackalloc byte[ObfuscationKey.Size + 1];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(key, key.Length, throwOnEndOfStream: false);
        return length == ObfuscationKey.Size
            ? ObfuscationKey.From(key[..ObfuscationKey.Size])
            : throw new BlockFilesException($"{path} is no key of {ObfuscationKey.Size} bytes: these block files are of a daemon that this version does not know");
    }
}
