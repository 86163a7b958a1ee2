// SPDX-License-Identifier: MIT

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>
/// The protocol's table "Version matrix", sign by sign: <c>Y</c> present, <c>-</c> absent, letters are the table's notes.
/// <c>server.version</c>, the one row that is missing here, is the subject of <see cref="NegotiationTests"/>.
/// </summary>
internal static class VersionMatrix
{
    public static readonly string[] Columns = ["0.8", "0.9", "0.10", "1.0", "1.1", "1.2", "1.3", "1.4", "1.4.1", "1.4.2", "1.4.3", "1.5", "1.6", "1.7"];

    /// <summary>All but 1.5, which nobody ever defined.</summary>
    public static readonly string[] Versions = [.. Columns.Where(version => version != "1.5")];

    private const string Everywhere = "Y Y Y Y Y Y Y Y Y Y Y Y Y Y";
    private const string Dictionary = "{$dictionarytip,utxo_root?:hash}";
    private const string Raw = """{hex:"$headertip",height:2100}""";
    private const string Balance = "{confirmed:10000,unconfirmed:-1500}";
    private const string FirstUse = """{block_hash:"$blockhash7",height:7,tx_hash:"$first"}""";
    private const string Fee = "0.001|0.00100000";
    private const string Peer = """[{"hosts":{"192.0.2.1":{"tcp_port":50001}},"genesis_hash":"$genesis","hash_function":"sha256","server_version":"x","protocol_min":"1.4","protocol_max":"1.6","pruning":null}]""";

    private static readonly string[] None = [];
    private static readonly string[] Address = ["address"];
    private static readonly string[] ScriptHash = ["scripthash"];
    private static readonly string[] Script = ["scriptpubkey"];

    public static readonly MatrixRow[] Rows =
    [
        //                                          .8 .9 10 1.0 .1 .2 .3 .4 4.1  2  3 .5 .6 .7
        new("server.banner",                        "Y Y Y Y Y Y Y Y Y Y Y Y Y Y", None, new Example("", "[]", "\"Welcome\"")),
        new("server.donation_address",              "- d Y Y Y Y Y Y Y Y Y Y Y Y", None, new Example("", "[]", "\"$address\"")),
        new("server.peers.subscribe",               "Y Y Y Y Y Y Y Y Y Y Y Y Y Y", None, new Example("", "[]", "[[str,str,[str...]]...]")),
        new("server.features",                      "- e e e Y Y Y Y Y Y Y Y Y Y", None,
            new Example("", "[]", "$features,hash_function:\"sha256\"}") { Versions = new("0.8", "1.6") },
            new Example("", "[]", "$features}") { Versions = new("1.7", "1.7") }),
        new("server.add_peer",                      "- e e e Y Y Y Y Y Y Y Y Y Y", ["features"], new Example("", Peer, "bool")),
        new("server.ping",                          "- - - - - Y Y Y Y Y Y Y Y f", ["pong_len", "data"],
            new Example("Y", "[]", "null"),
            new Example("f", "[]", "{data:\"\"}"),
            new Example("f", "[4]", "{data:\"0000\"}"),
            new Example("f", "[3,\"abc\"]", "{data:\"000\"}")),

        new("blockchain.numblocks.subscribe",       "Y Y Y Y - - - - - - - - - -", None, new Example("", "[]", "2100")),
        new("blockchain.headers.subscribe",         "g g g g g h i j j j j j j j", ["raw"],
            new Example("g h", "[]", Dictionary),
            new Example("g h i", "[false]", Dictionary),
            new Example("g h i", "[true]", Raw),
            new Example("i j", "[]", Raw)),
        new("blockchain.block.get_header",          "Y Y Y Y Y Y Y - - - - - - -", ["height"],
            new Example("", "[0]", "{$dictionary0}"),
            new Example("", "[5]", "{$dictionary5}")),
        new("blockchain.block.get_chunk",           "Y Y Y Y Y Y Y - - - - - - -", ["index"],
            new Example("", "[0]", "\"$chunk0\""),
            new Example("", "[1]", "\"$chunk1\""),
            new Example("", "[2]", "\"\"")),
        new("blockchain.block.header",              "- - - - - - k l l l l l l l", ["height", "cp_height"],
            new Example("", "[5]", "\"$header5\""),
            new Example("l", "[5,0]", "\"$header5\""),
            new Example("l", "[5,8]", "{$proofof5at8,header:\"$header5\"}")),
        new("blockchain.block.headers",             "- - - - - k k l l l l l m m", ["start_height", "count", "cp_height"],
            new Example("k l", "[5,2]", "{count:2,hex:\"$header5$header6\",max:2016}"),
            new Example("k l", "[0,3000]", "{count:2016,hex:\"$chunk0\",max:2016}"),
            new Example("k l", "[2016,2016]", "{count:85,hex:\"$chunk1\",max:2016}"),
            new Example("k l", "[2101,1]", "{count:0,hex:\"\",max:2016}"),
            new Example("l", "[5,2,0]", "{count:2,hex:\"$header5$header6\",max:2016}"),
            new Example("l", "[5,2,9]", "{count:2,hex:\"$header5$header6\",max:2016,$proofof6at9}"),
            new Example("l", "[5,0,9]", "{count:0,hex:\"\",max:2016}"),
            new Example("m", "[5,2]", "{count:2,headers:[\"$header5\",\"$header6\"],max:2016}"),
            new Example("m", "[2101,1]", "{count:0,headers:[],max:2016}"),
            new Example("m", "[0,3000]", "{count:2016,headers:[header...],max:2016}"),
            new Example("m", "[5,2,9]", "{count:2,headers:[\"$header5\",\"$header6\"],max:2016,$proofof6at9}")),

        new("blockchain.address.subscribe",         "Y Y Y Y Y Y - - - - - - - -", Address,
            new Example("", "[\"$address\"]", "\"$status\""),
            new Example("", "[\"$unusedaddress\"]", "null")),
        new("blockchain.address.get_history",       "Y Y Y Y Y Y - - - - - - - -", Address,
            new Example("", "[\"$address\"]", "[$history]"),
            new Example("", "[\"$unusedaddress\"]", "[]")),
        new("blockchain.address.get_balance",       "- Y Y Y Y Y - - - - - - - -", Address,
            new Example("", "[\"$address\"]", Balance),
            new Example("", "[\"$unusedaddress\"]", "{confirmed:0,unconfirmed:0}")),
        new("blockchain.address.listunspent",       "- Y Y Y Y Y - - - - - - - -", Address, new Example("", "[\"$address\"]", "[$unspent]")),
        new("blockchain.address.get_mempool",       "- n Y Y Y Y - - - - - - - -", Address, new Example("", "[\"$address\"]", "[$mempool]")),
        new("blockchain.utxo.get_address",          "- Y Y Y - - - - - - - - - -", ["txid", "index"],
            new Example("", "[\"$first\",0]", "\"$address\""),
            new Example("", "[\"$new\",0]", "null")),

        new("blockchain.scripthash.subscribe",      "- - - - Y Y Y Y Y Y Y Y Y -", ScriptHash,
            new Example("", "[\"$scripthash\"]", "\"$status\""),
            new Example("", "[\"$unusedscripthash\"]", "null")),
        new("blockchain.scripthash.get_history",    "- - - - Y Y Y Y Y Y Y Y p -", ScriptHash,
            new Example("", "[\"$scripthash\"]", "[$history]"),
            new Example("", "[\"$unusedscripthash\"]", "[]")),
        new("blockchain.scripthash.get_mempool",    "- - - - Y Y Y Y Y Y Y Y p -", ScriptHash, new Example("", "[\"$scripthash\"]", "[$mempool]")),
        new("blockchain.scripthash.get_balance",    "- - - - Y Y Y Y Y Y Y Y Y -", ScriptHash, new Example("", "[\"$scripthash\"]", Balance)),
        new("blockchain.scripthash.listunspent",    "- - - - Y Y Y Y Y Y Y Y Y -", ScriptHash, new Example("", "[\"$scripthash\"]", "[$unspent]")),
        new("blockchain.scripthash.unsubscribe",    "- - - - - - - - - Y Y Y Y -", ScriptHash, new Example("", "[\"$scripthash\"]", "false")),

        new("blockchain.transaction.broadcast",     "q q q q Y Y Y Y Y Y Y Y Y Y", ["raw_tx"], new Example("", "[\"$rawnew\"]", "\"$new\"")),
        new("blockchain.transaction.get",           "r r r r Y s s s s s s s s s", ["tx_hash", "verbose"],
            new Example("", "[\"$first\"]", "\"$rawfirst\""),
            new Example("r", "[\"$first\",7]", "\"$rawfirst\""),
            new Example("s", "[\"$first\",false]", "\"$rawfirst\""),
            new Example("s", "[\"$first\",true]", "{txid:\"$first\",vout:[{value:0.10000000,n:0}]}")),
        new("blockchain.transaction.get_merkle",    "Y Y Y Y Y Y Y Y Y Y Y Y Y Y", ["tx_hash", "height"],
            new Example("", "[\"$first\",7]", "{block_height:7,merkle:$branch7,pos:1}"),
            new Example("", "[\"$coinbase9\",9]", "{block_height:9,merkle:[],pos:0}")),
        new("blockchain.transaction.id_from_pos",   "- - - - - - - Y Y Y Y Y Y Y", ["height", "tx_pos", "merkle"],
            new Example("", "[7,1]", "\"$first\""),
            new Example("", "[7,1,false]", "\"$first\""),
            new Example("", "[7,1,true]", "{tx_hash:\"$first\",merkle:$branch7}")),
        new("blockchain.transaction.broadcast_package", "- - - - - - - - - - - - Y Y", ["raw_txs", "verbose"],
            new Example("", "[[\"$rawnew\"]]", "{success:true}"),
            new Example("", "[[\"$rawnew\"],false]", "{success:true}")),

        new("blockchain.estimatefee",               "- - Y Y Y Y Y Y Y Y Y Y t t", ["number", "mode"],
            new Example("", "[25]", "0.00012345"),
            new Example("", "[1008]", "-1"),
            new Example("t", "[25,\"CONSERVATIVE\"]", "0.00012345"),
            new Example("t", "[25,\"economical\"]", "0.00012345")),
        new("blockchain.relayfee",                  "- - u Y Y Y Y Y Y Y Y Y - -", None, new Example("", "[]", Fee)),
        new("mempool.get_fee_histogram",            "- - - - - Y Y Y Y Y Y Y Y Y", None, new Example("", "[]", "[[20|20.0,3000],[2.5,3000],[1|1.0,4000]]")),
        new("mempool.get_info",                     "- - - - - - - - - - - - Y Y", None,
            new Example("", "[]", $"{{mempoolminfee:coin,minrelaytxfee:{Fee},incrementalrelayfee:coin,unbroadcastcount?:nat,fullrbf?:bool}}")),

        new("blockchain.scriptpubkey.subscribe",    "- - - - - - - - - - - - - Y", Script,
            new Example("", "[\"$script\"]", "\"$status\""),
            new Example("", "[\"$unusedscript\"]", "null")),
        new("blockchain.scriptpubkey.unsubscribe",  "- - - - - - - - - - - - - Y", Script, new Example("", "[\"$script\"]", "false")),
        new("blockchain.scriptpubkey.get_history",  "- - - - - - - - - - - - - Y", Script,
            new Example("", "[\"$script\"]", "{history:[$history]}"),
            new Example("", "[\"$unusedscript\"]", "{history:[]}")),
        new("blockchain.scriptpubkey.get_mempool",  "- - - - - - - - - - - - - Y", Script, new Example("", "[\"$script\"]", "{history:[$mempool]}")),
        new("blockchain.scriptpubkey.get_balance",  "- - - - - - - - - - - - - Y", Script, new Example("", "[\"$script\"]", Balance)),
        new("blockchain.scriptpubkey.listunspent",  "- - - - - - - - - - - - - Y", Script, new Example("", "[\"$script\"]", "{utxos:[$unspent]}")),
        new("blockchain.outpoint.subscribe",        "- - - - - - - - - - - - - Y", ["tx_hash", "txout_idx", "spk_hint"],
            new Example("", "[\"$first\",0,\"$script\"]", "{funder_height:7}"),
            new Example("", "[\"$new\",0,\"$script\"]", "{}")),
        new("blockchain.outpoint.get_status",       "- - - - - - - - - - - - - Y", ["tx_hash", "txout_idx", "spk_hint"],
            new Example("", "[\"$first\",0,\"$script\"]", "{funder_height:7}"),
            new Example("", "[\"$pending\",0,\"$script\"]", "{funder_height:0}"),
            new Example("", "[\"$second\",1,\"$script\"]", "{funder_height:8,spender_txhash:\"$pending\",spender_height:0}"),
            new Example("", "[\"$new\",0,\"$script\"]", "{}")),
        new("blockchain.outpoint.unsubscribe",      "- - - - - - - - - - - - - Y", ["tx_hash", "txout_idx"], new Example("", "[\"$first\",0]", "false")),
        new("blockchain.transaction.testmempoolaccept", "- - - - - - - - - - - - - Y", ["raw_txs"],
            new Example("", "[[\"$rawnew\"]]", "[{txid:\"$new\",wtxid:\"$new\",allowed:true,reason?:str}]")),
        new("mempool.recent",                       "- - - - - - - - - - - - - Y", None, new Example("", "[]", "[{txid:\"$chained\",fee:500,vsize:nat},{txid:\"$pending\",fee:1000,vsize:nat}]")),
    ];

    /// <summary>The protocol's table "Vendor extras": no version has them, they are there in all.</summary>
    public static readonly MatrixRow[] Extras =
    [
        new("blockchain.transaction.get_height", Everywhere, ["tx_hash"],
            new Example("", "[\"$first\"]", "7"),
            new Example("", "[\"$pending\"]", "0")),
        new("blockchain.transaction.get_confirmed_blockhash", Everywhere, ["tx_hash", "include_header"],
            new Example("", "[\"$first\"]", "{block_hash:\"$blockhash7\",block_height:7}"),
            new Example("", "[\"$first\",true]", "{block_hash:\"$blockhash7\",block_height:7,block_header:\"$header7\"}")),
        new("blockchain.transaction.subscribe", Everywhere, ["tx_hash"],
            new Example("", "[\"$first\"]", "7"),
            new Example("", "[\"$pending\"]", "0"),
            new Example("", "[\"$new\"]", "null")),
        new("blockchain.transaction.unsubscribe", Everywhere, ["tx_hash"], new Example("", "[\"$first\"]", "false")),
        new("blockchain.transaction.get_tsc_merkle", Everywhere, ["tx_hash", "height"],
            new Example("", "[\"$first\",7]", "{index:1,txOrId:\"$first\",target:str,nodes:[str...],*:any}")),
        new("blockchain.headers.get_tip", Everywhere, None, new Example("", "[]", Raw)),
        new("blockchain.headers.unsubscribe", Everywhere, None, new Example("", "[]", "false")),
        new("blockchain.header.get", Everywhere, ["height"],
            new Example("", "[5]", "{height:5,hex:\"$header5\"}"),
            new Example("", "[\"$blockhash7\"]", "{height:7,hex:\"$header7\"}")),
        new("blockchain.scripthash.get_status", Everywhere, ScriptHash, new Example("", "[\"$scripthash\"]", "\"$status\"")),
        new("blockchain.scripthash.get_first_use", Everywhere, ScriptHash,
            new Example("", "[\"$scripthash\"]", FirstUse),
            new Example("", "[\"$unusedscripthash\"]", "null")),
        new("blockchain.address.get_status", Everywhere, Address, new Example("", "[\"$address\"]", "\"$status\"")),
        new("blockchain.address.get_first_use", Everywhere, Address, new Example("", "[\"$address\"]", FirstUse)),
        new("blockchain.address.get_scripthash", Everywhere, Address, new Example("", "[\"$address\"]", "\"$scripthash\"")),
        new("blockchain.address.unsubscribe", Everywhere, Address, new Example("", "[\"$address\"]", "false")),
        new("blockchain.utxo.get_info", Everywhere, ["txid", "index"],
            new Example("", "[\"$first\",0]", "{value:5000,scripthash:\"$scripthash\",confirmed_height:7}"),
            new Example("", "[\"$new\",0]", "null")),
    ];

    /// <summary>In no version, or not for a coin without a name index, or never on a public port.</summary>
    public static readonly string[] NeverServed =
    [
        "blockchain.name.get_value_proof", "blockchain.address.get_path", "daemon.passthrough", "server.cache", "server.load", "server.stop", "server.info",
        "masternode.list", "protx.info", "blockchain.reusable.get_history", "rpc.discover",
    ];

    public static int IndexOf(string version) => Array.IndexOf(Columns, version);
}
