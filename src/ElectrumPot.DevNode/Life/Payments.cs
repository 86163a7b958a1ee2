// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Simulation;

/// <summary>Makes the transactions of the simulation: random ones of every kind, and payments to a given address.</summary>
internal sealed class Payments(Ledger ledger, Miner miner)
{
    /// <summary>Keys of everyday addresses; the first three of them are busy.</summary>
    private const int FirstKey = 20;
    private const int KeyCount = 40;
    private const int BusyKeyCount = 3;

    /// <summary>With fewer outputs in the wallet, payments fan out and may take what is meant for staking.</summary>
    private const int FewOutputs = 40;

    private const long BaseFee = 100_000;
    private const long Dust = 10_000;

    /// <summary>Makes one random transaction and puts it into the mempool.</summary>
    /// <returns>Null when nothing is there to spend.</returns>
    public DevTransaction? AddRandom()
    {
        const int Attempts = 10;
        DevTransaction? made = null;
        for (int attempt = 0; attempt < Attempts && made is null; attempt++)
            made = TryAddRandom();
        return made;
    }

    private DevTransaction? TryAddRandom()
    {
        DeterministicRandom random = ledger.Random;
        bool fansOut = ledger.Wallet.Outputs.Count < FewOutputs || random.OneIn(25);
        int inputs = fansOut ? 1 : random.Below(20) switch { < 13 => 1, < 17 => 2, < 19 => 3, _ => 6 };
        List<UnspentOutput> spent = ChooseRandom(inputs);
        int outputs = fansOut ? random.Between(8, 30) : random.Between(1, 3);
        long budget = spent.Sum(output => output.Value) - FeeFor(spent.Count, outputs + 1);
        if (spent.Count == 0 || budget < Dust * (outputs + 1)) return null;

        var made = new List<TxOutput>();
        for (int i = 0; i < outputs; i++)
        {
            long value = fansOut ? budget / (outputs + 1) : Dust + (long)(random.NextUInt64() % (ulong)(budget / (outputs + 1)));
            value = Math.Min(value, budget / (outputs + 1 - i));
            made.Add(RandomOutput(value));
        }

        long change = budget - made.Sum(output => output.Value);
        if (change > Dust)
            made.Add(new TxOutput(change, ChangeScript(spent)));
        return Submit(spent, made);
    }

    /// <param name="amount">In 1e-8 POT.</param>
    /// <exception cref="ArgumentException">Not an address of the coin.</exception>
    /// <exception cref="InvalidOperationException">The simulation does not have that much.</exception>
    public DevTransaction PayTo(string address, long amount)
    {
        if (!Address.TryGetScript(address, ledger.Coin, out byte[] script))
            throw new ArgumentException($"'{address}' is no address of {ledger.Coin.Name}.", nameof(address));
        return PayToScript(script, amount);
    }

    public DevTransaction PayToScript(byte[] script, long amount)
    {
        var spent = new List<UnspentOutput>();
        long gathered = 0;
        IEnumerable<UnspentOutput> candidates = ledger.Wallet.Outputs.Where(IsSpendable)
            .OrderBy(miner.IsStakersOutput).ThenByDescending(output => output.Value)
            .ThenBy(output => output.OutPoint.Txid).ThenBy(output => output.OutPoint.Index);
        foreach (UnspentOutput output in candidates)
        {
            if (gathered >= amount + FeeFor(spent.Count, 2)) break;
            spent.Add(output);
            gathered += output.Value;
        }

        long change = gathered - amount - FeeFor(spent.Count, 2);
        if (change < 0)
            throw new InvalidOperationException($"The simulation cannot pay {amount}: it has {gathered} that is mature. Mine some blocks first.");
        var outputs = new List<TxOutput> { new(amount, script) };
        if (change > Dust)
            outputs.Add(new TxOutput(change, ChangeScript(spent)));
        return Submit(spent, outputs)
            ?? throw new InvalidOperationException("The simulation refused its own payment.");
    }

    /// <summary>Spends the first input of a transaction in another way; null when the simulation cannot.</summary>
    public DevTransaction? AddConflictOf(DevTransaction transaction)
    {
        UnspentOutput? output = ledger.Wallet.Outputs.FirstOrDefault(output => output.OutPoint == transaction.Inputs[0].PreviousOutput);
        if (output is null || output.Value <= FeeFor(1, 1) + Dust) return null;
        return Submit([output], [new TxOutput(output.Value - FeeFor(1, 1), ChangeScript([output]))]);
    }

    private DevTransaction? Submit(List<UnspentOutput> spent, List<TxOutput> outputs)
    {
        uint tip = ledger.Chain.Tip.Header.Time;
        uint wish = ledger.Options.UseClock && ledger.Chain.Height >= ledger.Options.BlockCount
            ? ledger.Now
            : tip - (uint)ledger.Random.Between(20, 90);
        uint time = Math.Max(wish, spent.Max(output => output.Time));
        DevTransaction transaction = ledger.Wallet.Sign(miner.NextTransactionVersion, spent, outputs, time);
        return ledger.Accept(transaction, trusted: true) == TransactionRefusal.None ? transaction : null;
    }

    private List<UnspentOutput> ChooseRandom(int count)
    {
        const int Attempts = 30;
        var chosen = new List<UnspentOutput>();
        bool mayTakeStake = ledger.Random.OneIn(10) || ledger.Wallet.Outputs.Count < FewOutputs;
        for (int attempt = 0; attempt < Attempts && chosen.Count < count && ledger.Wallet.Outputs.Count > 0; attempt++)
        {
            UnspentOutput output = ledger.Wallet.Outputs[ledger.Random.Below(ledger.Wallet.Outputs.Count)];
            if (!IsSpendable(output) || chosen.Contains(output)) continue;
            if (miner.IsStakersOutput(output) && !(mayTakeStake && MayTakeStake())) continue;
            chosen.Add(output);
        }

        return chosen;
    }

    private bool MayTakeStake()
    {
        const int Reserve = 8;
        return ledger.Wallet.Outputs.Count(miner.IsStakersOutput) > Reserve;
    }

    private bool IsSpendable(UnspentOutput output) =>
        ledger.Rules.IsMature(output)
        && output.Time <= ledger.Chain.Tip.Header.Time + Miner.Ahead;

    private TxOutput RandomOutput(long value)
    {
        DeterministicRandom random = ledger.Random;
        return random.Below(100) switch
        {
            < 50 => new TxOutput(value, Learn(SpendRecipe.PublicKeyHash(AnyKey()))),
            < 66 => new TxOutput(value, Learn(SpendRecipe.PublicKeyHash(ledger.Keys[FirstKey + random.Below(BusyKeyCount)]))),
            < 74 => new TxOutput(value, Learn(SpendRecipe.PublicKey(AnyKey()))),
            < 80 => new TxOutput(value, Learn(SpendRecipe.ScriptHashOfMultisig(2, AnyKeys(3)))),
            < 83 => new TxOutput(value, Learn(SpendRecipe.ScriptHashOfHashLock([(byte)random.Below(4), 1, 2, 3]))),
            < 86 => new TxOutput(value, Learn(SpendRecipe.Multisig(1, AnyKeys(2)))),
            < 88 => new TxOutput(value, Learn(SpendRecipe.Multisig(2, AnyKeys(3)))),
            < 90 => new TxOutput(0, ScriptBuilder.NullData(BitConverter.GetBytes(random.NextUInt64()))),
            < 92 => new TxOutput(0, Learn(SpendRecipe.PublicKeyHash(AnyKey()))),
            < 94 => new TxOutput(value, Learn(SpendRecipe.Anyone())),
            < 96 => new TxOutput(value, Learn(TrailingNop(AnyKey()))),
            < 97 => new TxOutput(value, Learn(LongPush(AnyKey()))),
            _ => new TxOutput(value, Learn(SpendRecipe.PublicKeyHash(ledger.Keys[random.Below(Miner.StakerKeys)]))),
        };
    }

    /// <summary>Back to the first script spent, as careless wallets do, or to a key of its own.</summary>
    private byte[] ChangeScript(List<UnspentOutput> spent) =>
        ledger.Random.OneIn(2) ? spent[0].Script : Learn(SpendRecipe.PublicKeyHash(AnyKey()));

    private static SpendRecipe TrailingNop(DevKey key) =>
        SpendRecipe.PublicKeyHash(key, [.. ScriptBuilder.PayToPublicKeyHash(key.Hash160), Op.Nop]);

    private static SpendRecipe LongPush(DevKey key) =>
        SpendRecipe.PublicKeyHash(
            key, [Op.Dup, Op.Hash160, Op.PushData1, (byte)key.Hash160.Length, .. key.Hash160, Op.EqualVerify, Op.CheckSig]);

    private byte[] Learn(SpendRecipe recipe) => ledger.Wallet.Learn(recipe);

    private DevKey AnyKey() => ledger.Keys[FirstKey + ledger.Random.Below(KeyCount)];

    private List<DevKey> AnyKeys(int count)
    {
        int first = ledger.Random.Below(KeyCount);
        return [.. Enumerable.Range(0, count).Select(i => ledger.Keys[FirstKey + ((first + i) % KeyCount)])];
    }

    /// <summary>One base fee for each started 1000 bytes of a generous estimate; sometimes, as the nodes allow, nothing.</summary>
    private static long FeeFor(int inputs, int outputs) => BaseFee * (1 + (((180 * inputs) + (45 * outputs)) / 1000));
}
