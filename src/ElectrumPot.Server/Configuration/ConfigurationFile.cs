// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Server.Configuration;

/// <summary>Finds and reads the configuration file.</summary>
internal static class ConfigurationFile
{
    /// <summary>Where it is looked for, in this order, when no file is named.</summary>
    public static readonly IReadOnlyList<string> DefaultPlaces = ["/etc/electrum-pot.conf", "electrum-pot.conf"];

    private const int LargestFile = 1 << 20;

    /// <param name="named">The file the operator named, or null for the default places.</param>
    /// <exception cref="ConfigurationException">No file, not readable, or a mistake in it.</exception>
    public static ServerConfiguration Load(string? named)
    {
        string path = named ?? DefaultPlaces.FirstOrDefault(File.Exists)
            ?? throw new ConfigurationException(
                $"no configuration file: neither {string.Join(" nor ", DefaultPlaces)} exists. " +
                "Copy electrum-pot.conf.sample to one of them, name a file with --config FILE, or try 'electrum-pot-server demo', which needs none");
        return Parse(ReadText(path), path);
    }

    /// <exception cref="ConfigurationException">A mistake in the text.</exception>
    public static ServerConfiguration Parse(string text, string path)
    {
        IniDocument document;
        try
        {
            document = IniDocument.Parse(text, path);
        }
        catch (IniFormatException wrong)
        {
            throw new ConfigurationException(wrong.Message);
        }

        return ConfigurationReader.Read(document);
    }

    /// <summary>A warning when other users of the machine can read the passwords in the file; null otherwise.</summary>
    public static string? FindExposure(ServerConfiguration configuration)
    {
        bool hasSecret = ConfigurationOptions.All.Any(option => option.Secret && configuration.IsSet(option));
        if (!hasSecret || !File.Exists(configuration.File)) return null;
        return !File.GetUnixFileMode(configuration.File).HasFlag(UnixFileMode.OtherRead)
            ? null
            : $"{configuration.File} contains passwords and every user of this machine can read it; run: chmod o-r {configuration.File}";
    }

    private static string ReadText(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new ConfigurationException($"{path} is a folder, not a configuration file");
            using FileStream stream = File.OpenRead(path);
            using var reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            char[] buffer = new char[LargestFile + 1];
            int length = reader.ReadBlock(buffer);
            return length <= LargestFile
                ? new string(buffer, 0, length)
                : throw new ConfigurationException($"{path} is larger than 1 MB; that is no configuration file");
        }
        catch (FileNotFoundException)
        {
            throw new ConfigurationException($"{path} does not exist; copy electrum-pot.conf.sample there or name another file with --config");
        }
        catch (DirectoryNotFoundException)
        {
            throw new ConfigurationException($"{path} does not exist; copy electrum-pot.conf.sample there or name another file with --config");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} may not be read by user {Environment.UserName}; change its owner or its mode");
        }
        catch (IOException failure)
        {
            throw new ConfigurationException($"{path} cannot be read: {failure.Message}");
        }
    }
}
