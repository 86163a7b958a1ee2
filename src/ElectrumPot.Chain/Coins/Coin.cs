// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Chain.Coins;

/// <summary>What the server has to know of a coin. Made from a <c>[coin:ID]</c> section and from nothing else.</summary>
public sealed record Coin
{
    /// <summary>What <c>coin = ...</c> in <c>[server]</c> selects, such as <c>potcoin</c>.</summary>
    public required string Id { get; init; }

    /// <summary>For people, such as <c>Potcoin</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Unit in texts, such as <c>POT</c>.</summary>
    public required string Symbol { get; init; }

    /// <summary>Beginning of the nicks of this coin's servers on IRC, such as <c>EP_</c>.</summary>
    public required string IrcPrefix { get; init; }

    /// <summary>Hash of block 0: the proof that a daemon, a database or a peer is of this coin.</summary>
    public required Hash256 GenesisHash { get; init; }

    public required PowAlgorithm Algorithm { get; init; }

    /// <summary>First byte of a P2PKH address.</summary>
    public required byte AddressVersion { get; init; }

    /// <summary>First bytes of P2SH addresses that are accepted; the first is the one written.</summary>
    public required IReadOnlyList<byte> ScriptVersions { get; init; }

    public required TransactionFormat TransactionFormat { get; init; }

    public required BlockFormat BlockFormat { get; init; }

    /// <summary>Port of the daemon's JSON-RPC where the configuration gives none.</summary>
    public required int RpcPort { get; init; }

    /// <summary>Magic of the P2P network and of block files, in file order.</summary>
    public required uint MessageStart { get; init; }

    /// <summary>Confirmations until a block reward may be spent.</summary>
    public required int BlockMatureConfirms { get; init; }

    /// <summary>Target spacing.</summary>
    public required TimeSpan BlockTime { get; init; }

    /// <summary>Relay fee in the smallest unit per 1000 bytes, for daemons that do not tell theirs.</summary>
    public required long RelayFee { get; init; }

    /// <summary>Largest serialised block in bytes: the bound of what the daemon may send.</summary>
    public required int MaxBlockSize { get; init; }

    /// <summary>Web page of a block, the hash is appended; null if none.</summary>
    public Uri? BlockExplore { get; init; }

    /// <summary>Web page of a transaction, the txid is appended; null if none.</summary>
    public Uri? TxExplore { get; init; }

    public override string ToString() => Name;
}

/// <summary>Work function of the header; the block id is double SHA-256 whatever it is.</summary>
public enum PowAlgorithm
{
    Sha256d,
    Scrypt,
}
