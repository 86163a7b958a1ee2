// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration;

/// <summary>The configuration cannot be used; one line per mistake, each naming file, line, key and what is allowed.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    public ConfigurationException(string mistake)
        : this([mistake])
    {
    }

    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
