// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Simulation;

internal sealed partial class RpcMethods
{
    private void SendRawTransaction(RpcParams parameters, Utf8JsonWriter result)
    {
        string hex = parameters.String(0);
        bool allowHighFees = parameters.Count > 1 && parameters.Bool(1);
        DevTransaction transaction = Decode(hex);
        TransactionRefusal refusal = _ledger.Accept(transaction, trusted: false, allowHighFees);
        bool isWelcome = refusal == TransactionRefusal.None || (IsOg && refusal == TransactionRefusal.AlreadyInMempool);
        if (!isWelcome)
            throw IsOg ? ErrorOf09(refusal) : ErrorOf08(refusal);
        result.WriteStringValue(transaction.Txid.ToString());
    }

    /// <summary>0.8 tells one thing apart from all others: that the transaction is in the chain and has an unspent output.</summary>
    private static RpcException ErrorOf08(TransactionRefusal refusal) => refusal == TransactionRefusal.AlreadyInChain
        ? new RpcException(RpcException.InvalidAddressOrKey, "transaction already in block chain")
        : new RpcException(RpcException.Deserialization, "TX rejected");

    /// <summary>0.9 has a reason where a rule was broken, and an empty text where inputs are missing, spent or badly signed.</summary>
    private static RpcException ErrorOf09(TransactionRefusal refusal) => refusal switch
    {
        TransactionRefusal.AlreadyInChain => new RpcException(RpcException.TransactionAlreadyInChain, "transaction already in block chain"),
        TransactionRefusal.MissingInputs or TransactionRefusal.DoubleSpend or TransactionRefusal.BadSignature =>
            new RpcException(RpcException.Transaction, ""),
        _ => new RpcException(RpcException.TransactionRejected, ReasonOf(refusal)),
    };

    private static string ReasonOf(TransactionRefusal refusal) => refusal switch
    {
        TransactionRefusal.Coinbase => "16: coinbase",
        TransactionRefusal.Coinstake => "16: coinstake",
        TransactionRefusal.OldVersion => "0: ",
        TransactionRefusal.NewVersion => "64: version",
        TransactionRefusal.NonStandard => "64: scriptpubkey",
        TransactionRefusal.ImmatureReward => "16: bad-txns-premature-spend-of-coinbase",
        TransactionRefusal.OutputsExceedInputs => "16: bad-txns-inputs-lower-outputs",
        TransactionRefusal.FeeTooHigh => "68: absurdly-high-fee",
        _ => "16: bad-txns",
    };
}
