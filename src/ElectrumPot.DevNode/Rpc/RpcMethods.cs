// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;

namespace ElectrumPot.Simulation;

/// <summary>The calls that each version of potcoind knows, as far as an index of its chain has use for them.</summary>
internal sealed partial class RpcMethods
{
    private readonly Ledger _ledger;
    private readonly Lock _gate;
    private readonly Faults _faults;
    private readonly DevNodeVersion _version;
    private readonly Dictionary<string, Method> _methods = new(StringComparer.Ordinal);

    public RpcMethods(Ledger ledger, Lock gate, Faults faults, DevNodeOptions options)
    {
        _ledger = ledger;
        _gate = gate;
        _faults = faults;
        _version = options.Version;
        Register();
    }

    public bool StopRequested { get; private set; }

    private delegate void Call(RpcParams parameters, Utf8JsonWriter result);

    /// <param name="Usage">Help, and the error for a wrong number of parameters.</param>
    /// <param name="WorksInSafeMode">potcoind's <c>okSafeMode</c>.</param>
    private sealed record Method(Call Call, int MinParams, int MaxParams, string Usage, bool WorksInSafeMode);

    private DevChain Chain => _ledger.Chain;

    private bool IsPosv => _version == DevNodeVersion.Posv0872;

    private bool IsOg => _version == DevNodeVersion.Og0950;

    private bool IsPow => _version == DevNodeVersion.Pow0864;

    /// <summary>Writes the result as one JSON value.</summary>
    /// <exception cref="RpcException">The call failed; what was written is to be thrown away.</exception>
    public void Invoke(string name, JsonElement parameters, Utf8JsonWriter result)
    {
        if (!_methods.TryGetValue(name, out Method? method))
            throw new RpcException(RpcException.MethodNotFound, "Method not found");
        if (_faults.SafeMode is { } warning && !method.WorksInSafeMode)
            throw new RpcException(RpcException.SafeMode, "Safe mode: " + warning);
        var call = new RpcParams(parameters);
        if (call.Count < method.MinParams || call.Count > method.MaxParams)
            throw new RpcException(RpcException.Misc, method.Usage);
        // One lock for all calls: potcoind's cs_main.
        lock (_gate) method.Call(call, result);
    }

    private void Register()
    {
        Add("getbestblockhash", 0, GetBestBlockHash, "getbestblockhash\nReturns the hash of the best (tip) block in the longest block chain.");
        Add("getblock", 1, 2, GetBlock, "getblock <hash> [verbose=true]\nIf verbose is false, returns a string that is serialized, hex-encoded data for block <hash>.", false);
        Add("getblockcount", 0, GetBlockCount, "getblockcount\nReturns the number of blocks in the longest block chain.");
        Add("getblockhash", 1, 1, GetBlockHash, "getblockhash <index>\nReturns hash of block in best-block-chain at <index>.", false);
        Add("getconnectioncount", 0, (_, result) => result.WriteNumberValue(0), "getconnectioncount\nReturns the number of connections to other nodes.");
        Add("getdifficulty", 0, (_, result) => WriteDecimal(result, Difficulty(VisibleTip())), "getdifficulty\nReturns the proof-of-work difficulty as a multiple of the minimum difficulty.");
        Add("getinfo", 0, GetInfo, "getinfo\nReturns an object containing various state info.");
        Add("getmininginfo", 0, GetMiningInfo, "getmininginfo\nReturns an object containing mining-related information.");
        Add("getpeerinfo", 0, (_, result) => WriteEmptyArray(result), "getpeerinfo\nReturns data about each connected network node.");
        AddVersioned("getrawmempool", 0, IsOg ? 1 : 0, GetRawMempool, "getrawmempool\nReturns all transaction ids in memory pool.");
        Add("getrawtransaction", 1, 2, GetRawTransaction, "getrawtransaction <txid> [verbose=0]\nIf verbose=0, returns a string that is serialized, hex-encoded data for <txid>.", false);
        Add("gettxout", 2, 3, GetTxOut, "gettxout <txid> <n> [includemempool=true]\nReturns details about an unspent transaction output.");
        Add("decoderawtransaction", 1, 1, DecodeRawTransaction, "decoderawtransaction <hex string>\nReturn a JSON object representing the serialized, hex-encoded transaction.", false);
        Add("sendrawtransaction", 1, IsPow ? 1 : 2, SendRawTransaction, "sendrawtransaction <hex string> [allowhighfees=false]\nSubmits raw transaction (serialized, hex-encoded) to local node and network.", false);
        Add("validateaddress", 1, 1, ValidateAddress, "validateaddress <potcoinaddress>\nReturn information about <potcoinaddress>.");
        AddVersioned("help", 0, 1, Help, "help [command]\nList commands, or get help for a command.");
        Add("stop", 0, Stop, "stop\nStop Potcoin server.");
        if (IsPosv || IsOg)
            Add("getstakinginfo", 0, GetStakingInfo, "getstakinginfo\nReturns an object containing staking-related information.");
        if (IsPosv)
            Add("getcheckpoint", 0, GetCheckpoint, "getcheckpoint\nShow info of synchronized checkpoint.");
        if (IsOg)
        {
            Add("getblockchaininfo", 0, GetBlockchainInfo, "getblockchaininfo\nReturns an object containing various state info regarding block chain processing.");
            Add("getnetworkinfo", 0, GetNetworkInfo, "getnetworkinfo\nReturns an object containing various state info regarding P2P networking.");
            Add("ping", 0, (_, result) => result.WriteNullValue(), "ping\nRequests that a ping be sent to all other nodes.");
        }
    }

    private void Add(string name, int parameters, Call call, string usage) => AddVersioned(name, parameters, parameters, call, usage);

    private void AddVersioned(string name, int min, int max, Call call, string usage) => Add(name, min, max, call, usage, worksInSafeMode: true);

    private void Add(string name, int min, int max, Call call, string usage, bool worksInSafeMode = true) =>
        _methods[name] = new Method(call, min, max, usage, worksInSafeMode);

    private int VisibleHeight(bool asks = false) => _faults.VisibleHeight(Chain.Height, asks);

    private DevBlock VisibleTip(bool asks = false) => Chain.BlockAt(VisibleHeight(asks));

    private bool IsVisible(DevBlock block) => block.Height <= VisibleHeight();

    private IReadOnlyList<MempoolEntry> VisibleMempool() => VisibleHeight() < Chain.Height ? [] : _ledger.Mempool.Entries;

    private void GetBlockCount(RpcParams parameters, Utf8JsonWriter result) => result.WriteNumberValue(VisibleHeight(asks: true));

    private void GetBestBlockHash(RpcParams parameters, Utf8JsonWriter result) => result.WriteStringValue(VisibleTip(asks: true).Hash.ToString());

    private void GetBlockHash(RpcParams parameters, Utf8JsonWriter result)
    {
        long height = parameters.Int(0);
        if (height < 0 || height > VisibleHeight())
            throw new RpcException(RpcException.Misc, "Block number out of range.");
        result.WriteStringValue(height == 0 && _faults.WrongGenesis
            ? GenesisBlock.HashOfAnotherNetwork
            : Chain.BlockAt((int)height).Hash.ToString());
    }

    private void GetBlock(RpcParams parameters, Utf8JsonWriter result)
    {
        string hash = parameters.String(0);
        bool verbose = parameters.Count < 2 || parameters.Bool(1);
        DevBlock? block = Hash256.TryParse(hash, out Hash256 id) ? Chain.FindBlock(id) : null;
        if (block is null || !IsVisible(block) || (_faults.HasNoStaleBlocks && !Chain.IsActive(block)))
            throw new RpcException(RpcException.InvalidAddressOrKey, "Block not found");
        if (_faults.WrongBlock)
            block = Chain.BlockAt(block.Height > 0 ? block.Height - 1 : 1);
        if (verbose)
            WriteBlock(result, block);
        else
            result.WriteStringValue(Convert.ToHexStringLower(block.Raw));
    }

    private void GetRawMempool(RpcParams parameters, Utf8JsonWriter result)
    {
        IEnumerable<MempoolEntry> entries = VisibleMempool().OrderBy(entry => entry.Transaction.Txid);
        if (parameters.Count == 1 && parameters.Bool(0))
        {
            WriteMempool(result, entries);
            return;
        }

        result.WriteStartArray();
        foreach (MempoolEntry entry in entries)
            result.WriteStringValue(entry.Transaction.Txid.ToString());
        result.WriteEndArray();
    }

    private void GetRawTransaction(RpcParams parameters, Utf8JsonWriter result)
    {
        string text = parameters.String(0);
        if (text.Length == 0 || !text.All(char.IsAsciiHexDigit))
            throw new RpcException(RpcException.InvalidParameter, $"parameter 1 must be hexadecimal string (not '{text}')");
        bool verbose = parameters.Count > 1 && parameters.Int(1) != 0;
        (DevTransaction transaction, DevBlock? block) = FindTransaction(text)
            ?? throw new RpcException(RpcException.InvalidAddressOrKey, "No information available about transaction");
        if (verbose)
            WriteTransaction(result, transaction, block, withHex: true);
        else
            result.WriteStringValue(Convert.ToHexStringLower(transaction.Raw));
    }

    private (DevTransaction Transaction, DevBlock? Block)? FindTransaction(string text)
    {
        if (!Hash256.TryParse(text, out Hash256 txid)) return null;
        if (!_faults.MempoolTransactionVanishes && VisibleMempool().FirstOrDefault(entry => entry.Transaction.Txid == txid) is { } entry)
            return (entry.Transaction, null);
        if (_faults.MempoolTransactionVanishes && _ledger.Mempool.Find(txid) is not null) return null;
        if (_faults.HasNoTransactionIndex) return null;
        return Chain.FindTransaction(txid) is { } found && IsVisible(found.Block) ? (found.Transaction, found.Block) : null;
    }

    private void GetTxOut(RpcParams parameters, Utf8JsonWriter result)
    {
        _ = Hash256.TryParse(parameters.String(0), out Hash256 txid);
        long index = parameters.Int(1);
        bool includeMempool = parameters.Count < 3 || parameters.Bool(2);
        var outPoint = new OutPoint(txid, (uint)Math.Clamp(index, 0, uint.MaxValue));
        bool isSpentInMempool = includeMempool && _ledger.Mempool.SpenderOf(outPoint) is not null;
        UnspentOutput? output = includeMempool ? _ledger.Rules.FindOutput(outPoint) : Chain.FindUnspent(outPoint);
        if (output is null || isSpentInMempool || index < 0)
        {
            result.WriteNullValue();
            return;
        }

        WriteUnspent(result, output);
    }

    private void DecodeRawTransaction(RpcParams parameters, Utf8JsonWriter result)
    {
        DevTransaction transaction = Decode(parameters.String(0));
        WriteTransaction(result, transaction, block: null, withHex: false);
    }

    private void ValidateAddress(RpcParams parameters, Utf8JsonWriter result)
    {
        string address = parameters.String(0);
        bool isValid = Address.TryGetScript(address, _ledger.Coin, out byte[] script);
        result.WriteStartObject();
        result.WriteBoolean("isvalid", isValid);
        if (isValid)
        {
            result.WriteString("address", address);
            result.WriteBoolean("ismine", false);
            if (IsOg)
                result.WriteBoolean("isscript", script[0] == Op.Hash160);
        }

        result.WriteEndObject();
    }

    private void Help(RpcParams parameters, Utf8JsonWriter result)
    {
        if (parameters.Count == 1)
        {
            string name = parameters.String(0);
            result.WriteStringValue(_methods.TryGetValue(name, out Method? method) ? method.Usage : $"help: unknown command: {name}");
            return;
        }

        result.WriteStringValue(string.Join('\n', _methods.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Usage.Split('\n')[0])));
    }

    private void Stop(RpcParams parameters, Utf8JsonWriter result)
    {
        StopRequested = true;
        result.WriteStringValue("Potcoin server stopping");
    }

    private DevTransaction Decode(string hex)
    {
        if (hex.Length == 0 || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
            throw new RpcException(RpcException.InvalidParameter, $"parameter must be hexadecimal string (not '{hex}')");
        try
        {
            return DevTransaction.Parse(Convert.FromHexString(hex), IsPow ? TransactionFormat.Plain : TransactionFormat.Posv);
        }
        catch (MalformedBlockException)
        {
            throw new RpcException(RpcException.Deserialization, "TX decode failed");
        }
    }
}
