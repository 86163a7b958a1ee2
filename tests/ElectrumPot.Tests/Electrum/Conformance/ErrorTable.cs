// SPDX-License-Identifier: MIT

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>A request that fails, and how.</summary>
/// <param name="Codes">Any of these; the legacy form has none.</param>
/// <param name="Text">How the message begins.</param>
internal sealed record ErrorRow(string Method, string Args, int[] Codes, string Text = "")
{
    public VersionSpan Versions { get; init; } = new("0.8", "1.7");
}

/// <summary>The errors of the protocol's method sections and of its table "Error codes".</summary>
internal static class ErrorTable
{
    private const string Script = "is not a valid script hash";
    private static readonly int[] Unknown = [-32601];
    private static readonly int[] Params = [-32602];
    private static readonly int[] BadRequest = [1];
    private static readonly int[] BadRequestOrParams = [1, -32602];
    private static readonly int[] Daemon = [2];
    private static readonly VersionSpan Modern = new("1.1", "1.7");
    private static readonly VersionSpan From16 = new("1.6", "1.7");
    private static readonly VersionSpan Only17 = new("1.7", "1.7");

    public static readonly ErrorRow[] Rows =
    [
        new("no.such", "[]", Unknown),
        new("blockchain.foo", "[]", Unknown),
        new("server.foo", "[]", Unknown),
        new("", "[]", Unknown),

        new("blockchain.scripthash.subscribe", """["xyz"]""", BadRequest, $"xyz {Script}"),
        new("blockchain.scripthash.get_history", """[""]""", BadRequest, $" {Script}"),
        new("blockchain.scripthash.get_mempool", """["00"]""", BadRequest, $"00 {Script}"),
        new("blockchain.scripthash.get_balance", """["00$scripthash"]""", BadRequest, $"00$scripthash {Script}"),
        new("blockchain.scripthash.listunspent", """["g$scripthash"]""", BadRequest, $"g$scripthash {Script}"),
        new("blockchain.scripthash.unsubscribe", """["xyz"]""", BadRequest, $"xyz {Script}"),
        new("blockchain.scripthash.get_balance", "[5]", BadRequestOrParams),
        new("blockchain.scripthash.get_balance", "[null]", BadRequestOrParams),

        new("blockchain.address.subscribe", """["nonsense"]""", BadRequest),
        new("blockchain.address.get_history", """["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]""", BadRequest),
        new("blockchain.address.get_balance", """["1$address"]""", BadRequest),
        new("blockchain.address.get_mempool", """[""]""", BadRequest),
        new("blockchain.address.listunspent", """["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]""", BadRequest),

        new("blockchain.block.get_header", "[2101]", BadRequest),
        new("blockchain.block.get_header", "[-1]", BadRequestOrParams),
        new("blockchain.block.get_header", "[\"5\"]", BadRequestOrParams),
        new("blockchain.block.get_chunk", "[-1]", BadRequestOrParams),
        new("blockchain.block.header", "[2101]", BadRequest),
        new("blockchain.block.header", "[2147483648]", BadRequestOrParams),
        new("blockchain.block.header", "[5,4]", BadRequest),
        new("blockchain.block.header", "[5,2101]", BadRequest),
        new("blockchain.block.headers", "[5,5,8]", BadRequest),
        new("blockchain.block.headers", "[5,2,2101]", BadRequest),
        new("blockchain.block.headers", "[5,-1]", BadRequestOrParams),
        new("blockchain.block.headers", "[5]", Params),

        new("blockchain.transaction.get", """["$new"]""", Daemon, "daemon error: "),
        new("blockchain.transaction.get", """["$new",true]""", Daemon, "daemon error: ") { Versions = new("1.2", "1.7") },
        new("blockchain.transaction.get", """["zz"]""", BadRequest),
        new("blockchain.transaction.get", """[""]""", BadRequest),
        new("blockchain.transaction.get_merkle", """["$new",7]""", BadRequest),
        new("blockchain.transaction.get_merkle", """["$first",8]""", BadRequest),
        new("blockchain.transaction.get_merkle", """["$first",2101]""", BadRequest),
        new("blockchain.transaction.get_merkle", """["zz",7]""", BadRequest),
        new("blockchain.transaction.id_from_pos", "[7,3]", BadRequest),
        new("blockchain.transaction.id_from_pos", "[7,3,true]", BadRequest),
        new("blockchain.transaction.id_from_pos", "[2101,0]", BadRequest),
        new("blockchain.transaction.id_from_pos", "[7,1,1]", BadRequestOrParams),
        new("blockchain.utxo.get_address", """["zz",0]""", BadRequest),
        new("blockchain.transaction.broadcast", """["zz"]""", BadRequest, "the transaction was rejected by network rules.\n\nTX decode failed") { Versions = Modern },
        new("blockchain.transaction.broadcast_package", """[["zz"]]""", BadRequest, "the tx package was rejected by network rules.\n\n") { Versions = From16 },

        new("blockchain.estimatefee", "[25,\"fast\"]", BadRequestOrParams) { Versions = From16 },
        new("blockchain.estimatefee", "[\"soon\"]", BadRequestOrParams),

        new("server.ping", "[100000000]", [1, -32602, -32600]) { Versions = Only17 },
        new("blockchain.scriptpubkey.subscribe", """["zz"]""", BadRequestOrParams),
        new("blockchain.scriptpubkey.get_history", """["123"]""", BadRequestOrParams),
        new("blockchain.outpoint.subscribe", """["zz",0,"$script"]""", BadRequestOrParams),
        new("blockchain.outpoint.get_status", """["$first",-1,"$script"]""", BadRequestOrParams),
        new("blockchain.transaction.get_height", """["$new"]""", [1, 2]),
        new("blockchain.header.get", "[2101]", BadRequest),
    ];
}
