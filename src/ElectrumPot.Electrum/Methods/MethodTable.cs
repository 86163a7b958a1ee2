// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using V = ElectrumPot.Electrum.Versions.ProtocolVersion;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// Every method with the versions that have it: the version matrix of the protocol as data. Whatever was negotiated,
/// all are callable (no wallet is harmed by more methods) unless removed ones are to be hidden; the version selects the
/// shapes.
/// </summary>
internal sealed class MethodTable
{
    private readonly Dictionary<string, MethodDefinition> _byName;
    private readonly Dictionary<string, MethodDefinition>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    private MethodTable(IEnumerable<MethodDefinition> methods)
    {
        _byName = methods.ToDictionary(method => method.Name, Utf8NameComparer.Instance);
        _byBytes = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public static MethodTable All { get; } = new(
    [
        new("server.version", V.V0_8, null, ["client_name", "protocol_version"], ServerMethods.Version) { IgnoresExtraParams = true },
        new("server.banner", V.V0_8, null, [], ServerMethods.Banner),
        new("server.donation_address", V.V0_9, null, [], ServerMethods.DonationAddress),
        new("server.peers.subscribe", V.V0_8, null, [], ServerMethods.Peers),
        new("server.features", V.V0_9, null, [], ServerMethods.Features),
        new("server.add_peer", V.V0_9, null, ["features"], ServerMethods.AddPeer),
        new("server.ping", V.V1_2, null, ["pong_len", "data"], ServerMethods.Ping),

        new("blockchain.numblocks.subscribe", V.V0_8, V.V1_0, [], HeaderMethods.SubscribeHeight),
        new("blockchain.headers.subscribe", V.V0_8, null, ["raw"], HeaderMethods.Subscribe),
        new("blockchain.block.get_header", V.V0_8, V.V1_3, ["height"], HeaderMethods.GetDictionary),
        new("blockchain.block.get_chunk", V.V0_8, V.V1_3, ["index"], HeaderMethods.GetChunk),
        new("blockchain.block.header", V.V1_3, null, ["height", "cp_height"], HeaderMethods.GetOne),
        new("blockchain.block.headers", V.V1_2, null, ["start_height", "count", "cp_height"], HeaderMethods.GetMany),

        new("blockchain.address.subscribe", V.V0_8, V.V1_2, ["address"], AddressMethods.Subscribe),
        new("blockchain.address.get_history", V.V0_8, V.V1_2, ["address", "from_height", "to_height"], AddressMethods.GetHistory),
        new("blockchain.address.get_mempool", V.V0_9, V.V1_2, ["address"], AddressMethods.GetMempool),
        new("blockchain.address.get_balance", V.V0_9, V.V1_2, ["address"], AddressMethods.GetBalance),
        new("blockchain.address.listunspent", V.V0_9, V.V1_2, ["address"], AddressMethods.ListUnspent),
        new("blockchain.address.get_proof", V.V0_9, V.V1_0, ["address"], AddressMethods.GetProof),
        new("blockchain.utxo.get_address", V.V0_9, V.V1_0, ["txid", "index"], UtxoMethods.GetAddress),

        new("blockchain.scripthash.subscribe", V.V1_1, V.V1_6, ["scripthash"], ScriptHashMethods.Subscribe),
        new("blockchain.scripthash.unsubscribe", V.V1_4_2, V.V1_6, ["scripthash"], ScriptHashMethods.Unsubscribe),
        new("blockchain.scripthash.get_history", V.V1_1, V.V1_6, ["scripthash", "from_height", "to_height"], ScriptHashMethods.GetHistory),
        new("blockchain.scripthash.get_mempool", V.V1_1, V.V1_6, ["scripthash"], ScriptHashMethods.GetMempool),
        new("blockchain.scripthash.get_balance", V.V1_1, V.V1_6, ["scripthash"], ScriptHashMethods.GetBalance),
        new("blockchain.scripthash.listunspent", V.V1_1, V.V1_6, ["scripthash"], ScriptHashMethods.ListUnspent),

        new("blockchain.scriptpubkey.subscribe", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.Subscribe),
        new("blockchain.scriptpubkey.unsubscribe", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.Unsubscribe),
        new("blockchain.scriptpubkey.get_history", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.GetHistory),
        new("blockchain.scriptpubkey.get_mempool", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.GetMempool),
        new("blockchain.scriptpubkey.get_balance", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.GetBalance),
        new("blockchain.scriptpubkey.listunspent", V.V1_7, null, ["scriptpubkey"], ScriptPubKeyMethods.ListUnspent),

        new("blockchain.outpoint.subscribe", V.V1_7, null, ["tx_hash", "txout_idx", "spk_hint"], OutpointMethods.Subscribe),
        new("blockchain.outpoint.get_status", V.V1_7, null, ["tx_hash", "txout_idx", "spk_hint"], OutpointMethods.GetStatus),
        new("blockchain.outpoint.unsubscribe", V.V1_7, null, ["tx_hash", "txout_idx"], OutpointMethods.Unsubscribe),

        new("blockchain.transaction.broadcast", V.V0_8, null, ["raw_tx"], BroadcastMethods.Broadcast),
        new("blockchain.transaction.broadcast_package", V.V1_6, null, ["raw_txs", "verbose"], PackageMethods.Broadcast),
        new("blockchain.transaction.testmempoolaccept", V.V1_7, null, ["raw_txs"], PackageMethods.Test),
        new("blockchain.transaction.get", V.V0_8, null, ["tx_hash", "verbose"], TransactionMethods.Get),
        new("blockchain.transaction.get_merkle", V.V0_8, null, ["tx_hash", "height"], BlockPositionMethods.GetMerkle),
        new("blockchain.transaction.id_from_pos", V.V1_4, null, ["height", "tx_pos", "merkle"], BlockPositionMethods.IdFromPosition),

        new("blockchain.estimatefee", V.V0_10, null, ["number", "mode"], FeeMethods.Estimate),
        new("blockchain.relayfee", V.V0_10, V.V1_4_3, [], FeeMethods.RelayFee),
        new("mempool.get_fee_histogram", V.V1_2, null, [], FeeMethods.Histogram),
        new("mempool.get_info", V.V1_6, null, [], FeeMethods.MempoolInfo),
        new("mempool.recent", V.V1_7, null, [], FeeMethods.Recent),

        MethodDefinition.Extra("blockchain.header.get", ["height"], HeaderLookupMethods.Get),
        MethodDefinition.Extra("blockchain.headers.get_tip", [], HeaderLookupMethods.GetTip),
        MethodDefinition.Extra("blockchain.headers.unsubscribe", [], HeaderLookupMethods.Unsubscribe),
        MethodDefinition.Extra("blockchain.address.unsubscribe", ["address"], AddressMethods.Unsubscribe),
        MethodDefinition.Extra("blockchain.address.get_status", ["address"], AddressMethods.GetStatus),
        MethodDefinition.Extra("blockchain.address.get_first_use", ["address"], AddressMethods.GetFirstUse),
        MethodDefinition.Extra("blockchain.address.get_scripthash", ["address"], AddressMethods.GetScriptHash),
        MethodDefinition.Extra("blockchain.scripthash.get_status", ["scripthash"], ScriptHashMethods.GetStatus),
        MethodDefinition.Extra("blockchain.scripthash.get_first_use", ["scripthash"], ScriptHashMethods.GetFirstUse),
        MethodDefinition.Extra("blockchain.utxo.get_info", ["txid", "index"], UtxoMethods.GetInfo),
        MethodDefinition.Extra("blockchain.transaction.get_height", ["tx_hash"], BlockPositionMethods.GetHeight),
        MethodDefinition.Extra("blockchain.transaction.get_confirmed_blockhash", ["tx_hash", "include_header"], BlockPositionMethods.GetConfirmedBlockHash),
        MethodDefinition.Extra("blockchain.transaction.get_tsc_merkle", ["tx_hash", "height", "txid_or_tx", "target_type"], TscProofMethods.Get),
        MethodDefinition.Extra("blockchain.transaction.subscribe", ["tx_hash"], BlockPositionMethods.Subscribe),
        MethodDefinition.Extra("blockchain.transaction.unsubscribe", ["tx_hash"], BlockPositionMethods.Unsubscribe),
    ]);

    public IEnumerable<MethodDefinition> Methods => _byName.Values;

    public bool TryGet(ReadOnlySpan<byte> utf8Name, [NotNullWhen(true)] out MethodDefinition? method) => _byBytes.TryGetValue(utf8Name, out method);
}
