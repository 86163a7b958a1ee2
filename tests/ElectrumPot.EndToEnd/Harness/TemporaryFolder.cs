// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>A folder of its own for one daemon, server or wallet; gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"electrum-pot-{purpose}-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
