// SPDX-License-Identifier: MIT

namespace ElectrumPot.Tests;

/// <summary>The source tree the tests were built from.</summary>
internal static class Repository
{
    public static string PathOf(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ElectrumPot.sln"))) return Path.Combine(folder.FullName, file);
        }

        throw new InvalidOperationException("ElectrumPot.sln is in no folder above the tests.");
    }
}
