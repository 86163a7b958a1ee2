// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>
/// What a transaction has to fulfil to enter the mempool, in the order in which potcoind looks
/// (<c>AcceptToMemoryPool</c>), with the differences of the versions.
/// </summary>
internal sealed class AcceptanceRules(DevChain chain, DevMempool mempool, DevNodeOptions options, Coin coin)
{
    /// <summary>10,000 times the relay fee of 0.001 POT: above it a fee is taken for a mistake.</summary>
    public const long AbsurdFee = 10_000 * 100_000L;

    private const int LastVersionWithoutTime = 3;
    private const int MaxStandardSignatureScript = 500;
    private const long MaxMoney = 420_000_000L * 100_000_000L;

    private readonly DevNodeVersion _version = options.Version;

    /// <param name="trusted">Made by the simulation itself: may be non-standard, and its signatures are known to be right.</param>
    public TransactionRefusal Check(DevTransaction transaction, bool trusted, bool allowHighFees, out long fee)
    {
        fee = 0;
        if (chain.HasUnspentOutputOf(transaction)) return TransactionRefusal.AlreadyInChain;
        TransactionRefusal form = CheckForm(transaction, trusted);
        if (form != TransactionRefusal.None) return form;
        if (mempool.Find(transaction.Txid) is not null) return TransactionRefusal.AlreadyInMempool;
        if (transaction.Inputs.Any(input => mempool.SpenderOf(input.PreviousOutput) is not null)) return TransactionRefusal.DoubleSpend;

        var spent = new List<UnspentOutput>();
        foreach (TxInput input in transaction.Inputs)
        {
            if (FindOutput(input.PreviousOutput) is not { } output) return TransactionRefusal.MissingInputs;
            spent.Add(output);
        }

        if (spent.Exists(output => !IsMature(output))) return TransactionRefusal.ImmatureReward;
        // The mempool of 0.9.5.0 looks at this only when the transaction goes into a block.
        if (transaction.HasTime && _version != DevNodeVersion.Og0950 && spent.Exists(output => output.Time > transaction.Time))
            return TransactionRefusal.TimeBeforeInput;
        fee = spent.Sum(output => output.Value) - transaction.Outputs.Sum(output => output.Value);
        if (fee < 0) return TransactionRefusal.OutputsExceedInputs;
        // 0.8.6.4 has no such limit.
        if (fee > AbsurdFee && !allowHighFees && _version != DevNodeVersion.Pow0864) return TransactionRefusal.FeeTooHigh;
        if (trusted) return TransactionRefusal.None;
        for (int i = 0; i < spent.Count; i++)
        {
            if (!ScriptInterpreter.Verify(transaction, i, spent[i].Script)) return TransactionRefusal.BadSignature;
        }

        return TransactionRefusal.None;
    }

    /// <summary>An output of the chain or of a waiting transaction.</summary>
    public UnspentOutput? FindOutput(OutPoint outPoint)
    {
        if (chain.FindUnspent(outPoint) is { } output) return output;
        if (mempool.Find(outPoint.Txid) is not { } parent || outPoint.Index >= parent.Transaction.Outputs.Count) return null;
        TxOutput waiting = parent.Transaction.Outputs[(int)outPoint.Index];
        return new UnspentOutput(outPoint, waiting.Value, waiting.Script, UnspentOutput.InMempool, IsReward: false, parent.Transaction.Time);
    }

    public bool IsMature(UnspentOutput output) =>
        !output.IsReward || chain.Height + 1 - output.Height >= coin.BlockMatureConfirms;

    private TransactionRefusal CheckForm(DevTransaction transaction, bool trusted)
    {
        if (transaction.Inputs.Count == 0 || transaction.Outputs.Count == 0
            || transaction.Outputs.Any(output => output.Value is < 0 or > MaxMoney)
            || transaction.Inputs.Select(input => input.PreviousOutput).Distinct().Count() != transaction.Inputs.Count)
            return TransactionRefusal.Malformed;
        if (transaction.IsCoinbase) return TransactionRefusal.Coinbase;
        if (transaction.Inputs.Any(input => input.PreviousOutput.IsNull)) return TransactionRefusal.Malformed;
        if (transaction.IsCoinstake) return TransactionRefusal.Coinstake;
        if (transaction.Version > NewestVersion) return TransactionRefusal.NewVersion;
        if (transaction.Version <= LastVersionWithoutTime && chain.Height >= options.LastPowHeight && _version != DevNodeVersion.Pow0864)
            return TransactionRefusal.OldVersion;
        return trusted || IsStandard(transaction) ? TransactionRefusal.None : TransactionRefusal.NonStandard;
    }

    private int NewestVersion => _version == DevNodeVersion.Pow0864 ? 1 : 4;

    private bool IsStandard(DevTransaction transaction)
    {
        if (transaction.Version < 1) return false;
        if (transaction.Inputs.Any(input => input.Script.Length > MaxStandardSignatureScript || !ScriptInterpreter.IsPushOnly(input.Script))) return false;
        return transaction.Outputs.All(output =>
            ScriptText.Of(output.Script, coin, knowsNullData: _version == DevNodeVersion.Og0950).IsStandard(output.Script));
    }
}
