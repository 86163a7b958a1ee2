// SPDX-License-Identifier: MIT

using System.Net;

namespace ElectrumPot.Electrum;

/// <summary>A port that is opened for one transport.</summary>
public sealed record ElectrumEndpoint(ElectrumTransport Transport, IPEndPoint Address)
{
    public override string ToString() => $"{Transport.Name}://{Address}";
}
