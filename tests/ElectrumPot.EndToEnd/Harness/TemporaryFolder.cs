// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>A folder of its own for one daemon, server or wallet; gone afterwards, unless ELECTRUM_POT_KEEP_FOLDERS is set.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"electrum-pot-{purpose}-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("ELECTRUM_POT_KEEP_FOLDERS") is null && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
