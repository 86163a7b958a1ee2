// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Simulation;

/// <summary>What potcoind's JSON says about an output script.</summary>
/// <param name="Type">pubkey, pubkeyhash, scripthash, multisig, nulldata or nonstandard.</param>
/// <param name="RequiredSignatures">0 where the JSON has no <c>reqSigs</c>.</param>
internal sealed record ScriptText(string Assembler, string Type, int RequiredSignatures, IReadOnlyList<string> Addresses)
{
    private const int LargestNumberSize = 4;

    /// <param name="knowsNullData">0.9 names OP_RETURN scripts, 0.8 calls them nonstandard.</param>
    public static ScriptText Of(byte[] script, Coin coin, bool knowsNullData)
    {
        string assembler = Disassemble(script);
        if (script.Length == 0 || !ScriptElements.TryRead(script, out List<ScriptElement> elements))
            return new ScriptText(assembler, "nonstandard", 0, []);
        if (OutputScript.IsCanonicalAddressScript(script))
            return new ScriptText(assembler, script[0] == Op.Dup ? "pubkeyhash" : "scripthash", 1, [Address.OfScript(script, coin)!]);
        if (elements is [{ Data.Length: 33 or 65 }, { Opcode: Op.CheckSig }])
            return new ScriptText(assembler, "pubkey", 1, [Address.OfScript(script, coin)!]);
        if (TryReadMultisig(elements, out int required, out List<byte[]> keys))
        {
            var addresses = keys.ConvertAll(key => Address.OfScript(ScriptBuilder.PayToPublicKey(key), coin)!);
            return new ScriptText(assembler, "multisig", required, addresses);
        }

        return new ScriptText(assembler, knowsNullData && IsNullData(elements) ? "nulldata" : "nonstandard", 0, []);
    }

    /// <summary>Of the kinds that a node relays: 0.8 knows no null data, both relay bare multisig of up to three keys.</summary>
    public bool IsStandard(byte[] script)
    {
        const int MaxRelayedKeys = 3;
        return Type != "nonstandard" && (Type != "multisig" || script[^2] <= Op.One + MaxRelayedKeys - 1);
    }

    public static string Disassemble(byte[] script)
    {
        bool complete = ScriptElements.TryRead(script, out List<ScriptElement> elements);
        IEnumerable<string> words = elements.Select(element => element.Data switch
        {
            null => Op.NameOf(element.Opcode) ?? "OP_UNKNOWN",
            { Length: <= LargestNumberSize } number => ReadNumber(number).ToString(),
            byte[] data => Convert.ToHexStringLower(data),
        });
        return string.Join(' ', complete ? words : words.Append("[error]"));
    }

    internal static bool TryReadMultisig(List<ScriptElement> elements, out int required, out List<byte[]> keys)
    {
        required = 0;
        keys = [];
        if (elements.Count < 4 || elements[^1].Opcode != Op.CheckMultisig) return false;
        required = elements[0].Opcode - Op.One + 1;
        int count = elements[^2].Opcode - Op.One + 1;
        keys = [.. elements[1..^2].Where(element => element.Data is { Length: 33 or 65 }).Select(element => element.Data!)];
        return required is >= 1 and <= 16 && count == keys.Count && count == elements.Count - 3 && required <= count;
    }

    private static bool IsNullData(List<ScriptElement> elements) =>
        elements is [{ Opcode: Op.Return }] or [{ Opcode: Op.Return }, { Data.Length: <= 80 }];

    private static long ReadNumber(byte[] number)
    {
        if (number.Length == 0) return 0;
        long value = 0;
        for (int i = number.Length - 1; i >= 0; i--)
            value = (value << 8) | (i == number.Length - 1 ? number[i] & 0x7fL : number[i]);
        return (number[^1] & 0x80) != 0 ? -value : value;
    }
}
