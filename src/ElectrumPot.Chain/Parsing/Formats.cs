// SPDX-License-Identifier: MIT

namespace ElectrumPot.Chain.Parsing;

/// <summary>How a coin writes its transactions.</summary>
public enum TransactionFormat
{
    /// <summary>Bitcoin before witnesses.</summary>
    Plain,

    /// <summary>Witnesses between outputs and lock time (BIP 144); the txid leaves them out.</summary>
    Segwit,

    /// <summary>
    /// Potcoin and its family: four bytes of nTime <em>after</em> the lock time, present exactly when the signed
    /// version is above 3 (potcoind 0.8.7.2, <c>CTransaction</c>).
    /// </summary>
    Posv,
}

/// <summary>How a coin writes its blocks.</summary>
public enum BlockFormat
{
    /// <summary>Header, count, transactions.</summary>
    Plain,

    /// <summary>
    /// As plain, then a block signature (length and bytes), present exactly when the block <em>version</em> is above 2,
    /// whatever the height or kind of proof (potcoind 0.8.7.2, <c>CBlock</c>).
    /// </summary>
    Posv,
}
