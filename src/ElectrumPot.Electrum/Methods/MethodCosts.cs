// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// What a method costs apart from the size of its answer, where that is more than one cheap request: lookups in the
/// index, work for the daemon.
/// </summary>
internal static class MethodCosts
{
    /// <summary>Of every other method, of batches, of nonsense.</summary>
    public const int Default = 1;

    /// <summary>More when the daemon has to be asked for a transaction: it may have to read a block for it.</summary>
    public const int FetchedTransaction = 20;

    /// <summary>More for a header by its block hash: the daemon reads the block.</summary>
    public const int HeaderByHash = 8;

    public static IReadOnlyDictionary<string, int> ByMethod { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        // One seek in the index.
        ["blockchain.transaction.id_from_pos"] = 2,
        ["blockchain.block.header"] = 2,
        ["blockchain.block.headers"] = 2,
        ["blockchain.block.get_header"] = 2,
        ["blockchain.block.get_chunk"] = 2,
        ["blockchain.header.get"] = 2,
        ["blockchain.transaction.get"] = 2,

        // Several seeks; a history or the txids of a block are counted besides.
        ["blockchain.scripthash.subscribe"] = 3,
        ["blockchain.scripthash.get_history"] = 3,
        ["blockchain.scripthash.get_balance"] = 3,
        ["blockchain.scripthash.listunspent"] = 3,
        ["blockchain.address.subscribe"] = 3,
        ["blockchain.address.get_history"] = 3,
        ["blockchain.address.get_balance"] = 3,
        ["blockchain.address.listunspent"] = 3,
        ["blockchain.scriptpubkey.subscribe"] = 3,
        ["blockchain.scriptpubkey.get_history"] = 3,
        ["blockchain.scriptpubkey.get_balance"] = 3,
        ["blockchain.scriptpubkey.listunspent"] = 3,
        ["blockchain.scripthash.get_status"] = 3,
        ["blockchain.address.get_status"] = 3,
        ["blockchain.scripthash.get_first_use"] = 3,
        ["blockchain.address.get_first_use"] = 3,
        ["blockchain.outpoint.subscribe"] = 3,
        ["blockchain.outpoint.get_status"] = 3,
        ["blockchain.transaction.subscribe"] = 3,
        ["blockchain.transaction.get_height"] = 3,
        ["blockchain.transaction.get_confirmed_blockhash"] = 3,
        ["blockchain.transaction.get_merkle"] = 3,
        ["blockchain.transaction.get_tsc_merkle"] = 3,

        // The daemon works for it.
        ["blockchain.utxo.get_address"] = 10,
        ["blockchain.utxo.get_info"] = 10,
        ["blockchain.address.get_proof"] = 10,
        ["blockchain.transaction.testmempoolaccept"] = 50,
        ["blockchain.transaction.broadcast"] = 50,
        ["blockchain.transaction.broadcast_package"] = 200,

        // A connection to somebody else.
        ["server.add_peer"] = 100,
    };
}
