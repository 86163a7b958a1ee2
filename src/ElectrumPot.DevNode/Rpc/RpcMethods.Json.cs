// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Simulation;

/// <summary>The JSON objects, key by key as the versions write them.</summary>
internal sealed partial class RpcMethods
{
    private void WriteBlock(Utf8JsonWriter json, DevBlock block)
    {
        bool isActive = Chain.IsActive(block);
        json.WriteStartObject();
        json.WriteString("hash", block.Hash.ToString());
        json.WriteNumber("confirmations", isActive ? VisibleHeight() - block.Height + 1 : IsPow ? 0 : -1);
        json.WriteNumber("size", block.Raw.Length);
        json.WriteNumber("height", block.Height);
        json.WriteNumber("version", block.Header.Version);
        json.WriteString("merkleroot", block.Header.MerkleRoot.ToString());
        json.WriteStartArray("tx");
        foreach (DevTransaction transaction in block.Transactions)
            json.WriteStringValue(transaction.Txid.ToString());
        json.WriteEndArray();
        json.WriteNumber("time", block.Header.Time);
        json.WriteNumber("nonce", block.Header.Nonce);
        json.WriteString("bits", block.Header.Bits.ToString("x8"));
        WriteDecimal(json, "difficulty", Difficulty(block));
        if (IsOg)
            json.WriteString("chainwork", ChainWork(block));
        if (block.Height > 0)
            json.WriteString("previousblockhash", block.Header.PreviousHash.ToString());
        if (isActive && block.Height < VisibleHeight())
            json.WriteString("nextblockhash", Chain.BlockAt(block.Height + 1).Hash.ToString());
        if (!IsPow)
            WriteStakeFields(json, block);
        json.WriteEndObject();
    }

    private void WriteStakeFields(Utf8JsonWriter json, DevBlock block)
    {
        json.WriteString("flags", block.IsProofOfStake ? "proof-of-stake" : "proof-of-work");
        if (IsPosv)
            json.WriteString("proofhash", block.Height == 0 ? block.Hash.ToString() : Hash256.Zero.ToString());
        WriteAmount(json, "moneysupply", block.MoneySupply);
        if (!block.IsProofOfStake) return;
        WriteAmount(json, "mint", block.Mint);
        json.WriteNumber("entropybit", block.Hash.Bytes[0] & 1);
        json.WriteString("modifier", Convert.ToHexStringLower(block.Hash.Bytes[..8]));
        json.WriteString("modifierchecksum", Convert.ToHexStringLower(block.Hash.Bytes[8..12]));
        json.WriteString("signature", Convert.ToHexStringLower(block.Signature));
    }

    /// <param name="block">The block it is in, which may be stale; null for one of the mempool.</param>
    private void WriteTransaction(Utf8JsonWriter json, DevTransaction transaction, DevBlock? block, bool withHex)
    {
        json.WriteStartObject();
        if (withHex)
            json.WriteString("hex", Convert.ToHexStringLower(transaction.Raw));
        json.WriteString("txid", transaction.Txid.ToString());
        json.WriteNumber("version", transaction.Version);
        json.WriteNumber("locktime", transaction.LockTime);
        if (IsPosv)
            json.WriteNumber("time", transaction.Time);
        json.WriteStartArray("vin");
        foreach (TxInput input in transaction.Inputs)
            WriteInput(json, input, transaction.IsCoinbase);
        json.WriteEndArray();
        json.WriteStartArray("vout");
        for (int i = 0; i < transaction.Outputs.Count; i++)
        {
            json.WriteStartObject();
            WriteAmount(json, "value", transaction.Outputs[i].Value);
            json.WriteNumber("n", i);
            WriteOutputScript(json, transaction.Outputs[i].Script);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (block is not null)
            WritePlace(json, transaction, block);
        json.WriteEndObject();
    }

    private void WritePlace(Utf8JsonWriter json, DevTransaction transaction, DevBlock block)
    {
        json.WriteString("blockhash", block.Hash.ToString());
        if (!Chain.IsActive(block))
        {
            json.WriteNumber("confirmations", 0);
            return;
        }

        json.WriteNumber("confirmations", VisibleHeight() - block.Height + 1);
        // In 0.8.7.2 this is the second "time" of one object: first that of the transaction, now that of the block.
        json.WriteNumber("time", IsOg ? transaction.Time : block.Header.Time);
        json.WriteNumber("blocktime", block.Header.Time);
    }

    private static void WriteInput(Utf8JsonWriter json, TxInput input, bool isCoinbase)
    {
        json.WriteStartObject();
        if (isCoinbase)
        {
            json.WriteString("coinbase", Convert.ToHexStringLower(input.Script));
        }
        else
        {
            json.WriteString("txid", input.PreviousOutput.Txid.ToString());
            json.WriteNumber("vout", input.PreviousOutput.Index);
            json.WriteStartObject("scriptSig");
            json.WriteString("asm", ScriptText.Disassemble(input.Script));
            json.WriteString("hex", Convert.ToHexStringLower(input.Script));
            json.WriteEndObject();
        }

        json.WriteNumber("sequence", input.Sequence);
        json.WriteEndObject();
    }

    private void WriteOutputScript(Utf8JsonWriter json, byte[] script)
    {
        var text = ScriptText.Of(script, _ledger.Coin, knowsNullData: IsOg);
        json.WriteStartObject("scriptPubKey");
        json.WriteString("asm", text.Assembler);
        json.WriteString("hex", Convert.ToHexStringLower(script));
        if (text.RequiredSignatures > 0)
            json.WriteNumber("reqSigs", text.RequiredSignatures);
        json.WriteString("type", text.Type);
        if (text.Addresses.Count > 0)
        {
            json.WriteStartArray("addresses");
            foreach (string address in text.Addresses)
                json.WriteStringValue(address);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteUnspent(Utf8JsonWriter json, UnspentOutput output)
    {
        bool isWaiting = output.Height == UnspentOutput.InMempool;
        json.WriteStartObject();
        json.WriteString("bestblock", VisibleTip().Hash.ToString());
        json.WriteNumber("confirmations", isWaiting ? 0 : VisibleHeight() - output.Height + 1);
        WriteAmount(json, "value", output.Value);
        WriteOutputScript(json, output.Script);
        json.WriteNumber("version", FindTransaction(output.OutPoint.Txid.ToString())?.Transaction.Version ?? 1);
        json.WriteBoolean("coinbase", output.IsReward);
        json.WriteEndObject();
    }

    private void WriteMempool(Utf8JsonWriter json, IEnumerable<MempoolEntry> entries)
    {
        json.WriteStartObject();
        foreach (MempoolEntry entry in entries)
        {
            json.WriteStartObject(entry.Transaction.Txid.ToString());
            json.WriteNumber("size", entry.Transaction.Raw.Length);
            WriteAmount(json, "fee", entry.Fee);
            json.WriteNumber("time", entry.Time);
            json.WriteNumber("height", entry.Height);
            WriteDecimal(json, "startingpriority", 0);
            WriteDecimal(json, "currentpriority", 0);
            json.WriteStartArray("depends");
            foreach (string parent in entry.Transaction.Inputs.Select(input => input.PreviousOutput.Txid)
                .Where(txid => _ledger.Mempool.Find(txid) is not null).Distinct().Order().Select(txid => txid.ToString()))
                json.WriteStringValue(parent);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string ChainWork(DevBlock block) => BigInteger.Abs(block.ChainWork).ToString("x64", CultureInfo.InvariantCulture);

    /// <summary>Multiple of the difficulty of target 0x00000000ffff0000..., as potcoind computes it from the compact target.</summary>
    private static double Difficulty(DevBlock block)
    {
        int exponent = (int)(block.Header.Bits >> 24);
        return 0x0000ffff / (double)(block.Header.Bits & 0x00ffffff) * Math.Pow(256, 29 - exponent);
    }

    private static void WriteEmptyArray(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, long value) => WriteDecimal(json, name, value / 1e8);

    private static void WriteDecimal(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        WriteDecimal(json, value);
    }

    /// <summary>json_spirit prints every real number with eight decimals.</summary>
    private static void WriteDecimal(Utf8JsonWriter json, double value) => json.WriteRawValue(value.ToString("F8", CultureInfo.InvariantCulture));
}
