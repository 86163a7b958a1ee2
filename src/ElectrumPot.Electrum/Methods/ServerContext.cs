// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Fees;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ElectrumPot.Electrum.Methods;

/// <summary>What all sessions share.</summary>
internal sealed class ServerContext
{
    public ServerContext(
        ElectrumOptions options, IChainSource chain, IDaemonGateway daemon, PeerDirectory peers, TimeProvider time, ILogger? log = null)
    {
        Options = options;
        Chain = chain;
        Daemon = daemon;
        Peers = peers;
        Time = time;
        Limits = new LimitLog(options.Admission.DryRun, time, log ?? NullLogger.Instance);
        Admission = new Admission(options.Admission, options.Rates, Limits, time);
        LargeReads = LargeReads.Of(options.Rates.MaxLargeReads);
        Fees = new FeeEstimates(daemon, options.Coin, time);
        Banner = new BannerText(options, daemon, time);
    }

    public ElectrumOptions Options { get; }

    public IChainSource Chain { get; }

    public IDaemonGateway Daemon { get; }

    public PeerDirectory Peers { get; }

    public TimeProvider Time { get; }

    public SubscriptionTable Subscriptions { get; } = new();

    public LimitLog Limits { get; }

    public Admission Admission { get; }

    public LargeReads LargeReads { get; }

    public FeeEstimates Fees { get; }

    public BannerText Banner { get; }
}
