// SPDX-License-Identifier: MIT

using System.Reflection;
using RocksDbSharp;

namespace ElectrumPot.Server.Hosting;

internal static class ServerVersion
{
    /// <summary>Such as 1.0.0, without the commit that a build may append.</summary>
    public static string Text { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Such as 7.8.3; says why when the library cannot be loaded.</summary>
    public static string RocksDb
    {
        get
        {
            try
            {
                return RocksDbLibrary.Version;
            }
            catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException)
            {
                return $"not found: {(missing.InnerException ?? missing).Message}";
            }
        }
    }
}
