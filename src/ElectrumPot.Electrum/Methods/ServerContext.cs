// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Fees;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;

namespace ElectrumPot.Electrum.Methods;

/// <summary>What all sessions share.</summary>
internal sealed class ServerContext
{
    public ServerContext(ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, PeerDirectory peers, TimeProvider time)
    {
        Options = options;
        Chain = chain;
        Daemon = daemon;
        Peers = peers;
        Time = time;
        Fees = new FeeEstimates(daemon, options.Coin, time);
        Banner = new BannerText(options, daemon, time);
    }

    public ElectrumOptions Options { get; }

    public IChainSource Chain { get; }

    public IDaemonGateway Daemon { get; }

    public PeerDirectory Peers { get; }

    public TimeProvider Time { get; }

    public SubscriptionTable Subscriptions { get; } = new();

    public FeeEstimates Fees { get; }

    public BannerText Banner { get; }
}
