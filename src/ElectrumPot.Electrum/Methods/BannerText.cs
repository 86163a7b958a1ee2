// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.RegularExpressions;
using ElectrumPot.Electrum.Backend;

namespace ElectrumPot.Electrum.Methods;

/// <summary>The banner as it is told now: from its file or the configuration, with the variables filled in.</summary>
internal sealed partial class BannerText(ElectrumOptions options, IDaemonGateway daemon, TimeProvider time)
{
    /// <summary>As much as Fulcrum reads; more would only annoy.</summary>
    private const int MaxFileBytes = 16_384;

    private static readonly TimeSpan FileIsFresh = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private string? _fileText;
    private long _readAt;

    public string Get()
    {
        string text = options.BannerFile is null ? options.Banner.Replace("\\n", "\n", StringComparison.Ordinal) : ReadFile(options.BannerFile);
        return Variables().Replace(text, match => match.Value switch
        {
            "$SERVER_VERSION" => options.ServerName.Split(' ')[^1],
            "$SERVER_SUBVERSION" => options.ServerName,
            "$DAEMON_VERSION" or "$DAEMON_SUBVERSION" => daemon.DaemonVersion,
            _ => options.DonationAddress,
        });
    }

    private string ReadFile(string path)
    {
        lock (_gate)
        {
            if (_fileText is not null && time.GetElapsedTime(_readAt) < FileIsFresh) return _fileText;
            _readAt = time.GetTimestamp();
            try
            {
                using FileStream file = File.OpenRead(path);
                var bytes = new byte[MaxFileBytes];
                int length = file.ReadAtLeast(bytes, MaxFileBytes, throwOnEndOfStream: false);
                return _fileText = Encoding.UTF8.GetString(bytes, 0, length);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Being edited, perhaps. A wallet must get a text in any case, or it disconnects.
                return _fileText ??= options.Banner;
            }
        }
    }

    [GeneratedRegex(@"\$(SERVER_VERSION|SERVER_SUBVERSION|DAEMON_VERSION|DAEMON_SUBVERSION|DONATION_ADDRESS)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variables();
}
