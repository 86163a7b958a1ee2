// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>Why a transaction is not taken; what becomes of it on the wire depends on the version of the node.</summary>
public enum TransactionRefusal
{
    None,
    AlreadyInChain,
    AlreadyInMempool,
    Malformed,
    Coinbase,
    Coinstake,

    /// <summary>Version 1 to 3 after the last proof-of-work block.</summary>
    OldVersion,

    /// <summary>A version that the node does not know yet.</summary>
    NewVersion,
    NonStandard,
    DoubleSpend,
    MissingInputs,
    ImmatureReward,

    /// <summary>nTime before that of an input.</summary>
    TimeBeforeInput,
    OutputsExceedInputs,
    FeeTooHigh,
    BadSignature,
}
