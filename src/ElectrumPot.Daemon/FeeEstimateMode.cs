// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>How careful a fee estimate is, for daemons that make a difference.</summary>
public enum FeeEstimateMode
{
    /// <summary>As the daemon does without being told.</summary>
    Default,

    Economical,

    Conservative,
}
