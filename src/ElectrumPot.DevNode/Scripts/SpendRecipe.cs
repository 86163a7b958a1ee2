// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>An output script together with what it takes to spend it.</summary>
public sealed class SpendRecipe
{
    private readonly Func<DevTransaction, int, byte[]> _sign;

    private SpendRecipe(byte[] script, Func<DevTransaction, int, byte[]> sign)
    {
        Script = script;
        _sign = sign;
    }

    public byte[] Script { get; }

    /// <summary>The one key of a P2PKH or P2PK script: what proof of stake can use; null for all others.</summary>
    public DevKey? StakingKey { get; private init; }

    /// <param name="transaction">Complete but for its signature scripts.</param>
    public byte[] SignatureScript(DevTransaction transaction, int inputIndex) => _sign(transaction, inputIndex);

    public static SpendRecipe PublicKeyHash(DevKey key) => PublicKeyHash(key, ScriptBuilder.PayToPublicKeyHash(key.Hash160));

    /// <summary>For scripts that only mean P2PKH: with a trailing NOP or with longer pushes.</summary>
    public static SpendRecipe PublicKeyHash(DevKey key, byte[] script) =>
        new(script, (transaction, input) => [.. Signature(key, transaction, input, script), .. ScriptBuilder.Push(key.PublicKey)])
        {
            StakingKey = key,
        };

    public static SpendRecipe PublicKey(DevKey key)
    {
        byte[] script = ScriptBuilder.PayToPublicKey(key.PublicKey);
        return new SpendRecipe(script, (transaction, input) => Signature(key, transaction, input, script)) { StakingKey = key };
    }

    public static SpendRecipe Multisig(int required, IReadOnlyList<DevKey> keys)
    {
        byte[] script = ScriptBuilder.Multisig(required, keys);
        return new SpendRecipe(script, (transaction, input) => MultisigSignatures(required, keys, transaction, input, script));
    }

    public static SpendRecipe ScriptHashOfMultisig(int required, IReadOnlyList<DevKey> keys)
    {
        byte[] redeem = ScriptBuilder.Multisig(required, keys);
        return new SpendRecipe(
            ScriptBuilder.PayToScriptHash(redeem),
            (transaction, input) => [.. MultisigSignatures(required, keys, transaction, input, redeem), .. ScriptBuilder.Push(redeem)]);
    }

    /// <summary>P2SH of <c>SHA256 digest EQUAL</c>: whoever knows the preimage may spend.</summary>
    public static SpendRecipe ScriptHashOfHashLock(byte[] preimage)
    {
        byte[] redeem = [Op.Sha256, .. ScriptBuilder.Push(System.Security.Cryptography.SHA256.HashData(preimage)), Op.Equal];
        byte[] spend = [.. ScriptBuilder.Push(preimage), .. ScriptBuilder.Push(redeem)];
        return new SpendRecipe(ScriptBuilder.PayToScriptHash(redeem), (_, _) => spend);
    }

    /// <summary>A non-standard script that everybody may spend.</summary>
    public static SpendRecipe Anyone() => new([Op.Nop, Op.One], (_, _) => []);

    private static byte[] Signature(DevKey key, DevTransaction transaction, int input, byte[] scriptCode)
    {
        Hash256 message = SignatureHash.Compute(transaction, input, scriptCode);
        return ScriptBuilder.Push([.. key.Sign(message), SignatureHash.All]);
    }

    private static byte[] MultisigSignatures(int required, IReadOnlyList<DevKey> keys, DevTransaction transaction, int input, byte[] scriptCode) =>
        [Op.Zero, .. keys.Take(required).SelectMany(key => Signature(key, transaction, input, scriptCode))];
}
