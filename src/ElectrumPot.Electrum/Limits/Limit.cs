// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Limits;

/// <summary>What can be exceeded; each has a key in the configuration.</summary>
internal enum Limit
{
    MaxSessions,
    MaxSessionsPerAddress,
    MaxSessionsPerSubnet,
    MaxPollingSessions,
    MaxSubscriptions,
    MaxSubscriptionsPerAddress,
    MaxSubscriptionsInAll,
    RequestsPerSecond,
    AddressRequestsPerSecond,
    MaxSlowed,
    MaxRequest,
    MaxBatch,
    MaxPending,
    MaxPendingInAll,
    SlowReader,
    FirstRequest,
    Request,

    /// <summary>A trusted proxy did not say who the client is.</summary>
    ProxyHeader,
}

internal enum LimitAction
{
    Refused,
    Slowed,
    Closed,
}

internal static class LimitFacts
{
    public static readonly int Count = Enum.GetValues<Limit>().Length;

    extension(Limit limit)
    {
        /// <summary>The key of the configuration.</summary>
        public string Key => limit switch
        {
            Limit.MaxSessions => "max_sessions",
            Limit.MaxSessionsPerAddress => "max_sessions_per_address",
            Limit.MaxSessionsPerSubnet => "max_sessions_per_subnet",
            Limit.MaxPollingSessions => "max_polling_sessions",
            Limit.MaxSubscriptions => "max_subscriptions",
            Limit.MaxSubscriptionsPerAddress => "max_subscriptions_per_address",
            Limit.MaxSubscriptionsInAll => "max_subscriptions_in_all",
            Limit.RequestsPerSecond => "requests_per_second",
            Limit.AddressRequestsPerSecond => "address_requests_per_second",
            Limit.MaxSlowed => "max_slowed",
            Limit.MaxRequest => "max_request_kb",
            Limit.MaxBatch => "max_batch",
            Limit.MaxPending => "max_pending_kb",
            Limit.MaxPendingInAll => "max_pending_in_all_mb",
            Limit.SlowReader => "slow_reader_timeout",
            Limit.FirstRequest => "first_request_timeout",
            Limit.Request => "request_timeout",
            _ => "trusted_proxies",
        };

        /// <summary>Enforced in a dry run as well; without a proxy's word there is nobody to serve.</summary>
        public bool IsAlwaysEnforced => limit is Limit.MaxSessions or Limit.MaxPollingSessions or Limit.MaxSubscriptions or Limit.MaxSubscriptionsInAll
            or Limit.MaxRequest or Limit.MaxBatch or Limit.MaxPending or Limit.MaxPendingInAll or Limit.SlowReader or Limit.ProxyHeader;
    }

    extension(LimitAction action)
    {
        public string Done => action switch
        {
            LimitAction.Refused => "refused",
            LimitAction.Slowed => "slowed",
            _ => "closed",
        };

        public string Spared => action switch
        {
            LimitAction.Refused => "would-refuse",
            LimitAction.Slowed => "would-slow",
            _ => "would-close",
        };
    }
}
