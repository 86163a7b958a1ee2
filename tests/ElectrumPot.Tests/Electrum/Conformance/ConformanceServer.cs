// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Electrum;
using ElectrumPot.Tests.Electrum.Support;

namespace ElectrumPot.Tests.Electrum.Conformance;

/// <summary>
/// Two servers of the same chain, one that hides removed methods; and the values that <c>$name</c> stands for in the
/// tables of requests and shapes.
/// </summary>
public sealed partial class ConformanceServer : IAsyncDisposable
{
    private const string Genesis = "de36b0cb2a9c7d1d7ac0174d0a89918f874fabcf5f9741dd52cd6d04ee1335ec";

    private static readonly Dictionary<string, Func<string>> Values = new(StringComparer.Ordinal)
    {
        ["genesis"] = () => Genesis,
        ["address"] = () => Vectors.Address,
        ["unusedaddress"] = () => Vectors.Scripts("p2sh").GetProperty("potcoin_address").GetString()!,
        ["scripthash"] = () => ConformanceChain.ScriptHash,
        ["unusedscripthash"] = () => ConformanceChain.ScriptHashOf(ConformanceChain.UnusedScript),
        ["script"] = () => ConformanceChain.Script,
        ["unusedscript"] = () => ConformanceChain.UnusedScript,
        ["status"] = () => ConformanceChain.StatusOf(ConformanceChain.History.Select(entry => (entry.Txid.ToString(), entry.Height))),
        ["first"] = () => ConformanceChain.TxidOf(ConformanceChain.First),
        ["second"] = () => ConformanceChain.TxidOf(ConformanceChain.Second),
        ["pending"] = () => ConformanceChain.TxidOf(ConformanceChain.Pending),
        ["chained"] = () => ConformanceChain.TxidOf(ConformanceChain.Chained),
        ["new"] = () => ConformanceChain.TxidOf(ConformanceChain.New),
        ["rawfirst"] = () => Convert.ToHexStringLower(ConformanceChain.First),
        ["rawnew"] = () => Convert.ToHexStringLower(ConformanceChain.New),
        ["coinbase9"] = () => ConformanceChain.TxidsOf(9)[0],
        ["branch7"] = () => List(ConformanceChain.Prove(ConformanceChain.TxidsOf(7), 1).Branch),
        ["blockhash7"] = () => BlockHash(7),
        ["header5"] = () => Header(5),
        ["header6"] = () => Header(6),
        ["header7"] = () => Header(7),
        ["headertip"] = () => Header(ConformanceChain.Tip),
        ["dictionary0"] = () => Dictionary(0),
        ["dictionary5"] = () => Dictionary(5),
        ["dictionarytip"] = () => Dictionary(ConformanceChain.Tip),
        ["chunk0"] = () => string.Concat(Enumerable.Range(0, 2016).Select(Header)),
        ["chunk1"] = () => string.Concat(Enumerable.Range(2016, ConformanceChain.Tip - 2015).Select(Header)),
        ["proofof5at8"] = () => Proof(5, 8),
        ["proofof6at9"] = () => Proof(6, 9),
        ["history"] = () => """{tx_hash:"$first",height:7},{tx_hash:"$second",height:8},$mempool""",
        ["mempool"] = () => """{tx_hash:"$pending",height:0,fee:1000},{tx_hash:"$chained",height:-1,fee:500}""",
        ["unspent"] = () => """{tx_hash:"$first",tx_pos:0,height:7,value:5000},{tx_hash:"$second",tx_pos:0,height:8,value:5000},{tx_hash:"$pending",tx_pos:0,height:0,value:5000}""",
        ["features"] = () => """
            {hosts:{*:{tcp_port?:nat|null,ssl_port?:nat|null,ws_port?:nat|null,wss_port?:nat|null}},genesis_hash:"$genesis",
             server_version:"ElectrumPot 1.2.3",protocol_min:str,protocol_max:str,pruning:nat|null,services?:[str...],
             dsproof?:bool,cashtokens?:bool,rpa?:any,broadcast_package?:bool
            """,
    };

    internal TestSessions Callable { get; } = Start(hideRemoved: false);

    internal TestSessions Hiding { get; } = Start(hideRemoved: true);

    /// <summary>Puts the chain's values in the place of their names.</summary>
    public static string Fill(string text) =>
        text.Contains('$') ? Fill(Name().Replace(text, name => Values[name.Groups[1].Value]())) : text;

    internal static TestSessions Start(bool hideRemoved, Func<ElectrumOptions, ElectrumOptions>? change = null, int tip = ConformanceChain.Tip)
    {
        var server = new TestSessions(change: options =>
        {
            ElectrumOptions own = options with { Banner = "Welcome", DonationAddress = Vectors.Address, HideRemovedMethods = hideRemoved };
            return change?.Invoke(own) ?? own;
        });
        server.Chain.Change(state => ConformanceChain.WriteTo(state, tip));
        byte[][] known = [ConformanceChain.First, ConformanceChain.Second, ConformanceChain.Pending, ConformanceChain.Chained];
        foreach (byte[] raw in known)
            server.Daemon.Transactions[Hash256.Parse(ConformanceChain.TxidOf(raw))] = raw;
        server.Daemon.OnVerbose = txid => txid.ToString() == ConformanceChain.TxidOf(ConformanceChain.First)
            ? JsonElement.Parse($$"""{"txid":"{{txid}}","vout":[{"value":0.10000000,"n":0}]}""")
            : null;
        server.Daemon.OnBroadcast = hex => Task.FromResult(Hash256.Parse(ConformanceChain.TxidOf(Convert.FromHexString(hex))));
        server.Daemon.OnTest = transactions =>
            [.. transactions.Select(hex => Hash256.Parse(ConformanceChain.TxidOf(Convert.FromHexString(hex)))).Select(txid => new MempoolAcceptance(txid, txid, IsAllowed: true, null))];
        server.Daemon.BlockHeights[Hash256.Parse(BlockHash(7))] = 7;
        server.Daemon.OnEstimate = blocks => Task.FromResult<long?>(blocks < 100 ? 12_345 : null);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await Callable.DisposeAsync();
        await Hiding.DisposeAsync();
    }

    private static string Header(int height) => Convert.ToHexStringLower(ConformanceChain.Headers[height]);

    private static string BlockHash(int height) => ConformanceChain.Reversed(ConformanceChain.DoubleSha256(ConformanceChain.Headers[height]));

    private static string Dictionary(int height)
    {
        byte[] header = ConformanceChain.Headers[height];
        return $$"""
            block_height:{{height}},version:{{BinaryPrimitives.ReadInt32LittleEndian(header)}},
            prev_block_hash:"{{ConformanceChain.Reversed(header.AsSpan(4, 32))}}",merkle_root:"{{ConformanceChain.Reversed(header.AsSpan(36, 32))}}",
            timestamp:{{BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(68))}},bits:{{BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(72))}},
            nonce:{{BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(76))}}
            """;
    }

    private static string Proof(int height, int checkpoint)
    {
        (string root, List<string> branch) = ConformanceChain.Prove(Enumerable.Range(0, checkpoint + 1).Select(BlockHash), height);
        return $"branch:{List(branch)},root:\"{root}\"";
    }

    private static string List(IEnumerable<string> hashes) => $"[{string.Join(',', hashes.Select(hash => $"\"{hash}\""))}]";

    [GeneratedRegex(@"\$([a-z0-9]+)")]
    private static partial Regex Name();
}
