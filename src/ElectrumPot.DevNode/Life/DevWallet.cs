// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>What the inhabitants of the simulation can spend: every unspent output whose script has a known recipe.</summary>
internal sealed class DevWallet
{
    private readonly Dictionary<string, SpendRecipe> _recipes = new(StringComparer.Ordinal);
    private readonly List<UnspentOutput> _outputs = [];
    private readonly Dictionary<OutPoint, int> _positions = [];

    /// <summary>Spendable outputs of the chain and of the mempool; the order depends on the history alone.</summary>
    public IReadOnlyList<UnspentOutput> Outputs => _outputs;

    /// <returns>The script, for use in an output.</returns>
    public byte[] Learn(SpendRecipe recipe)
    {
        _recipes.TryAdd(Convert.ToHexString(recipe.Script), recipe);
        return recipe.Script;
    }

    public SpendRecipe RecipeOf(UnspentOutput output) => _recipes[Convert.ToHexString(output.Script)];

    /// <param name="height">Of its block, or <see cref="UnspentOutput.InMempool"/>.</param>
    public void Follow(DevTransaction transaction, int height)
    {
        foreach (TxInput input in transaction.Inputs)
            Remove(input.PreviousOutput);
        foreach (UnspentOutput output in DevChain.OutputsOf(transaction, height))
            Add(output);
    }

    public void Rebuild(DevChain chain, DevMempool mempool)
    {
        _outputs.Clear();
        _positions.Clear();
        foreach (UnspentOutput output in chain.UnspentOutputs.OrderBy(output => output.OutPoint.Txid).ThenBy(output => output.OutPoint.Index))
            Add(output);
        foreach (MempoolEntry entry in mempool.Entries)
            Follow(entry.Transaction, UnspentOutput.InMempool);
    }

    public DevTransaction Sign(int version, IReadOnlyList<UnspentOutput> spent, IReadOnlyList<TxOutput> outputs, uint time)
    {
        var unsigned = new DevTransaction(version, [.. spent.Select(output => new TxInput(output.OutPoint, []))], outputs, lockTime: 0, time);
        return unsigned.SignedWith([.. spent.Select(RecipeOf)]);
    }

    private void Add(UnspentOutput output)
    {
        if (!_recipes.ContainsKey(Convert.ToHexString(output.Script))) return;
        if (_positions.TryGetValue(output.OutPoint, out int position))
        {
            _outputs[position] = output;
            return;
        }

        _positions[output.OutPoint] = _outputs.Count;
        _outputs.Add(output);
    }

    private void Remove(OutPoint outPoint)
    {
        if (!_positions.Remove(outPoint, out int position)) return;
        UnspentOutput last = _outputs[^1];
        _outputs[position] = last;
        _outputs.RemoveAt(_outputs.Count - 1);
        if (last.OutPoint != outPoint)
            _positions[last.OutPoint] = position;
    }
}
