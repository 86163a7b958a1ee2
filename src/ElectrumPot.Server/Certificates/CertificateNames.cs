// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Certificates;

/// <summary>The names that a new certificate is made for.</summary>
internal static class CertificateNames
{
    /// <summary>What wallets are told first; never empty.</summary>
    public static IReadOnlyList<string> For(ServerConfiguration configuration)
    {
        string[] named = [.. new[] { configuration.Get(ServerSection.ReportHost), configuration.Get(ServerSection.Host) }.Where(IsName)];
        string[] own = named is [] or ["localhost"] ? ["localhost", "127.0.0.1", "::1"] : [];
        return [.. named.Concat(own).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The unspecified address says where to listen, not what the server is called.</summary>
    private static bool IsName(string host) =>
        host.Length > 0 && !(IPAddress.TryParse(host, out IPAddress? address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
}
