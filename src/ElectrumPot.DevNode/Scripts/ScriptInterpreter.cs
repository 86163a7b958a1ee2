// SPDX-License-Identifier: MIT

using System.Security.Cryptography;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Simulation;

/// <summary>
/// Runs the part of Bitcoin's script that addresses, bare multisig, hash locks and P2SH of those need (BIP 16). Any
/// other opcode, and any signature that is not SIGHASH_ALL, makes the spend invalid.
/// </summary>
internal sealed class ScriptInterpreter
{
    private readonly DevTransaction _transaction;
    private readonly int _inputIndex;
    private readonly List<byte[]> _stack = [];

    private ScriptInterpreter(DevTransaction transaction, int inputIndex)
    {
        _transaction = transaction;
        _inputIndex = inputIndex;
    }

    public static bool Verify(DevTransaction transaction, int inputIndex, byte[] outputScript)
    {
        var interpreter = new ScriptInterpreter(transaction, inputIndex);
        byte[] signatureScript = transaction.Inputs[inputIndex].Script;
        if (!interpreter.Run(signatureScript)) return false;
        byte[][] arguments = [.. interpreter._stack];
        if (!interpreter.Run(outputScript) || !interpreter.TopIsTrue()) return false;

        bool isScriptHash = outputScript.Length == OutputScript.PayToScriptHashSize
            && outputScript[0] == Op.Hash160 && OutputScript.IsCanonicalAddressScript(outputScript);
        if (!isScriptHash) return true;
        if (!IsPushOnly(signatureScript) || arguments.Length == 0) return false;
        interpreter._stack.Clear();
        interpreter._stack.AddRange(arguments[..^1]);
        return interpreter.Run(arguments[^1]) && interpreter.TopIsTrue();
    }

    public static bool IsPushOnly(byte[] script) =>
        ScriptElements.TryRead(script, out List<ScriptElement> elements) && elements.TrueForAll(element => element.Opcode <= Op.Sixteen);

    private bool Run(byte[] script)
    {
        if (!ScriptElements.TryRead(script, out List<ScriptElement> elements)) return false;
        foreach (ScriptElement element in elements)
        {
            if (element.Data is { } data)
                _stack.Add(data);
            else if (!Execute(element.Opcode, script))
                return false;
        }

        return true;
    }

    private bool Execute(byte opcode, byte[] script)
    {
        switch (opcode)
        {
            case >= Op.One and <= Op.Sixteen:
                _stack.Add([(byte)(opcode - Op.One + 1)]);
                return true;
            case Op.Nop:
                return true;
            case Op.Dup:
                if (_stack.Count == 0) return false;
                _stack.Add(_stack[^1]);
                return true;
            case Op.Drop:
                return TryPop(out _);
            case Op.Verify:
                return TryPop(out byte[] verified) && IsTrue(verified);
            case Op.Sha256:
                if (!TryPop(out byte[] hashed)) return false;
                _stack.Add(SHA256.HashData(hashed));
                return true;
            case Op.Hash160:
                if (!TryPop(out byte[] key)) return false;
                var digest = new byte[Hash160.Size];
                Hash160.Compute(key, digest);
                _stack.Add(digest);
                return true;
            case Op.Equal or Op.EqualVerify:
                if (!TryPop(out byte[] left) || !TryPop(out byte[] right)) return false;
                return Conclude(left.AsSpan().SequenceEqual(right), opcode == Op.EqualVerify);
            case Op.CheckSig:
                if (!TryPop(out byte[] publicKey) || !TryPop(out byte[] signature)) return false;
                return Conclude(CheckSignature(publicKey, signature, script), verify: false);
            case Op.CheckMultisig:
                return CheckMultisig(script);
            default:
                return false;
        }
    }

    private bool CheckMultisig(byte[] script)
    {
        if (!TryPopMany(out List<byte[]> keys) || !TryPopMany(out List<byte[]> signatures)) return false;
        // The opcode takes one element too many; every signer of a multisig output pays for that old mistake.
        if (!TryPop(out _)) return false;
        int next = 0;
        foreach (byte[] key in keys)
        {
            if (next < signatures.Count && CheckSignature(key, signatures[next], script))
                next++;
        }

        return Conclude(next == signatures.Count, verify: false);
    }

    private bool CheckSignature(byte[] publicKey, byte[] signature, byte[] scriptCode)
    {
        if (signature.Length == 0 || signature[^1] != SignatureHash.All) return false;
        Hash256 message = SignatureHash.Compute(_transaction, _inputIndex, scriptCode);
        return EcdsaVerifier.Verify(publicKey, signature.AsSpan(0, signature.Length - 1), message);
    }

    private bool Conclude(bool result, bool verify)
    {
        if (verify) return result;
        _stack.Add(result ? [1] : []);
        return true;
    }

    private bool TryPop(out byte[] top)
    {
        top = [];
        if (_stack.Count == 0) return false;
        top = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return true;
    }

    private bool TryPopMany(out List<byte[]> elements)
    {
        elements = [];
        if (!TryPop(out byte[] count) || count.Length != 1 || count[0] > 20 || count[0] > _stack.Count) return false;
        int from = _stack.Count - count[0];
        elements = _stack.GetRange(from, count[0]);
        _stack.RemoveRange(from, count[0]);
        // Keys and signatures match up in the order in which they were written.
        return true;
    }

    private bool TopIsTrue() => _stack.Count > 0 && IsTrue(_stack[^1]);

    private static bool IsTrue(byte[] value) => value.AsSpan().ContainsAnyExcept((byte)0);
}
