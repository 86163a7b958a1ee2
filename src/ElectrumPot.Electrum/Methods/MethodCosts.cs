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

    public static IReadOnlyDictionary<string, int> ByMethod { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        // One seek in the index.
        ["blockchain.transaction.id_from_pos"] = 2,
        ["blockchain.block.header"] = 2,
        ["blockchain.block.headers"] = 2,
        ["blockchain.transaction.get"] = 2,

        // A history, or the txids of a block.
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
