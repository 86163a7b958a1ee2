// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Naive;

/// <summary>How a coin's transactions and blocks differ from plain Bitcoin ones, as far as the naive reader must know.</summary>
/// <param name="TransactionTime">Transactions above version 3 end with a 4-byte time (Potcoin).</param>
/// <param name="BlockSignature">Blocks above version 2 end with a signature (Potcoin).</param>
internal sealed record NaiveFormat(bool TransactionTime, bool BlockSignature)
{
    public static readonly NaiveFormat Litecoin = new(TransactionTime: false, BlockSignature: false);
    public static readonly NaiveFormat Potcoin = new(TransactionTime: true, BlockSignature: true);
}
