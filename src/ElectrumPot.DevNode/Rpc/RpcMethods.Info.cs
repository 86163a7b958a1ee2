// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Simulation;

internal sealed partial class RpcMethods
{
    private const long RelayFee = 100_000;

    private (int Client, int Protocol) Numbers => _version switch
    {
        DevNodeVersion.Pow0864 => (80604, 70002),
        DevNodeVersion.Og0950 => (90500, 80000),
        _ => (80702, 70420),
    };

    private void GetInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        DevBlock tip = VisibleTip(asks: true);
        json.WriteStartObject();
        json.WriteNumber("version", Numbers.Client);
        json.WriteNumber("protocolversion", Numbers.Protocol);
        json.WriteNumber("walletversion", 60000);
        WriteAmount(json, "balance", 0);
        if (IsPosv)
            WriteAmount(json, "unconfirmedbalance", 0);
        if (!IsPow)
        {
            WriteAmount(json, "stake", 0);
            json.WriteBoolean("locked", false);
            json.WriteBoolean("encrypted", false);
        }

        json.WriteNumber("blocks", tip.Height);
        json.WriteNumber("timeoffset", 0);
        if (!IsPow)
            WriteAmount(json, "moneysupply", tip.MoneySupply);
        json.WriteNumber("connections", 0);
        json.WriteString("proxy", "");
        WriteDecimal(json, "difficulty", Difficulty(tip));
        json.WriteBoolean("testnet", false);
        json.WriteNumber("keypoololdest", Chain.BlockAt(0).Header.Time);
        json.WriteNumber("keypoolsize", 21);
        WriteAmount(json, "paytxfee", 0);
        if (IsOg)
            WriteAmount(json, "relayfee", RelayFee);
        else
            WriteAmount(json, "mininput", IsPow ? 1_000 : 1_000_000);
        json.WriteString("errors", _faults.SafeMode ?? "");
        json.WriteEndObject();
    }

    private void GetMiningInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        DevBlock tip = VisibleTip();
        json.WriteStartObject();
        json.WriteNumber("blocks", tip.Height);
        json.WriteNumber("currentblocksize", 1000);
        json.WriteNumber("currentblocktx", 0);
        WriteDecimal(json, "difficulty", Difficulty(tip));
        json.WriteString("errors", _faults.SafeMode ?? "");
        // 0.9 moved the members of the built-in miner to the end.
        if (!IsOg)
            json.WriteBoolean("generate", false);
        json.WriteNumber("genproclimit", IsPow ? -1 : 0);
        if (!IsOg)
            json.WriteNumber("hashespersec", 0);
        json.WriteNumber("networkhashps", 0);
        json.WriteNumber("pooledtx", VisibleMempool().Count);
        json.WriteBoolean("testnet", false);
        if (IsOg)
        {
            json.WriteBoolean("generate", false);
            json.WriteNumber("hashespersec", 0);
        }

        if (!IsPow)
        {
            json.WriteStartObject("stakeweight");
            json.WriteNumber("average", 0);
            json.WriteNumber("total", 0);
            json.WriteEndObject();
            json.WriteNumber("stakeinterest", 5_000_000);
            json.WriteNumber("netstakeweight", 0);
        }

        json.WriteEndObject();
    }

    private void GetStakingInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("enabled", false);
        json.WriteBoolean("staking", _ledger.NextIsProofOfStake);
        json.WriteNumber("currentblocksize", 1000);
        json.WriteNumber("currentblocktx", 0);
        json.WriteNumber("pooledtx", VisibleMempool().Count);
        WriteDecimal(json, "difficulty", Difficulty(VisibleTip()));
        json.WriteNumber("search-interval", 0);
        json.WriteNumber("averageweight", 0);
        json.WriteNumber("totalweight", 0);
        json.WriteNumber("netstakeweight", 0);
        json.WriteNumber("expectedtime", 0);
        json.WriteEndObject();
    }

    private void GetCheckpoint(RpcParams parameters, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("synccheckpoint", Chain.BlockAt(0).Hash.ToString());
        json.WriteNumber("height", 0);
        json.WriteString("timestamp", "2014-01-14 08:31:55 UTC");
        json.WriteString("policy", "strict");
        json.WriteEndObject();
    }

    private void GetNetworkInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("version", Numbers.Client);
        json.WriteNumber("protocolversion", Numbers.Protocol);
        json.WriteNumber("timeoffset", 0);
        json.WriteNumber("connections", 0);
        json.WriteString("proxy", "");
        WriteAmount(json, "relayfee", RelayFee);
        json.WriteStartArray("localaddresses");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void GetBlockchainInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        DevBlock tip = VisibleTip(asks: true);
        json.WriteStartObject();
        json.WriteString("chain", "main");
        json.WriteNumber("blocks", tip.Height);
        json.WriteString("bestblockhash", tip.Hash.ToString());
        WriteDecimal(json, "difficulty", Difficulty(tip));
        WriteDecimal(json, "verificationprogress", 1);
        json.WriteString("chainwork", ChainWork(tip));
        json.WriteEndObject();
    }
}
