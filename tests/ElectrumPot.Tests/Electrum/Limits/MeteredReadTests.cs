// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Text;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Limits;

/// <summary>Whatever a request reads is paid for, however short the answer is.</summary>
public sealed class MeteredReadTests
{
    private const int Rows = 500;

    private static readonly Hash256 Script = ScriptedChain.Hash(900_001);
    private static readonly Hash256 Txid = ScriptedChain.Hash(900_002);

    [Theory]
    [InlineData("blockchain.block.header", "[7,12]", 0)]
    [InlineData("blockchain.block.headers", "[0,8,12]", 0)]
    [InlineData("blockchain.scripthash.get_balance", "[\"SCRIPT\"]", 0)]
    [InlineData("blockchain.scripthash.get_mempool", "[\"SCRIPT\"]", 0)]
    [InlineData("blockchain.scripthash.get_first_use", "[\"SCRIPT\"]", 0)]
    [InlineData("blockchain.outpoint.get_status", "[\"TXID\",0,\"51\"]", 0)]
    [InlineData("blockchain.outpoint.subscribe", "[\"TXID\",0,\"51\"]", 0)]
    [InlineData("blockchain.transaction.get_merkle", "[\"TXID\",5]", 0)]
    [InlineData("blockchain.transaction.get_merkle", "[\"SCRIPT\",5]", 0)]
    [InlineData("blockchain.transaction.get_tsc_merkle", "[\"TXID\",5]", 0)]
    [InlineData("blockchain.transaction.id_from_pos", "[5,3,true]", 0)]
    [InlineData("blockchain.transaction.get", "[\"TXID\"]", 20)]
    [InlineData("blockchain.transaction.get", "[\"TXID\",true]", 20)]
    [InlineData("blockchain.header.get", "[\"TXID\"]", 8)]
    [InlineData("blockchain.header.get", "[5]", 0)]
    public void What_is_read_is_paid_for(string method, string arguments, int requestsOfDaemon)
    {
        MethodDefinition definition = MethodTable.All.Methods.Single(candidate => candidate.Name == method);
        bool readsRows = requestsOfDaemon == 0 && method != "blockchain.header.get";
        long expected = ((definition.Cost + requestsOfDaemon) * RequestCost.PointsPerRequest) + (readsRows ? Rows * RequestCost.PointsPerEntry : 0);
        Pay(method, arguments).ShouldBe(expected);
    }

    private static long Pay(string method, string arguments)
    {
        var chain = new ScriptedChain();
        chain.Change(state =>
        {
            state.HeadersToRead = Rows;
            state.SpendsToRead = Rows;
            state.Unspent[HashX.OfScriptHash(Script)] = [.. Enumerable.Range(0, Rows).Select(i => new UnspentOutput(ScriptedChain.Hash(i), 0, 5, 1))];
            for (int i = 0; i < Rows; i++)
            {
                state.Add(HashX.OfScriptHash(Script), new HistoryEntry(ScriptedChain.Hash(i), 0, 1));
                state.Txids[(5, i)] = i == 3 ? Txid : ScriptedChain.Hash(i);
            }
        });
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = [] };
        var time = new ManualTime();
        var daemon = new ScriptedDaemon { Hold = new TaskCompletionSource().Task };
        var server = new ServerContext(options, chain, daemon, new PeerDirectory(options, chain, NullLogger.Instance, time), time);
        var session = new Session(1, new ClientConnection(ElectrumTransport.Tcp, RemoteEndPoint: null, _ => { }), new Pipe().Writer, server);
        using ReplyWriter reply = ReplyWriter.Rent(1_000_000);
        string request = $$"""{"id":1,"method":"{{method}}","params":{{arguments.Replace("SCRIPT", Script.ToString()).Replace("TXID", Txid.ToString())}}}""";
        new Dispatcher(MethodTable.All, NullLogger.Instance).Dispatch(session, Encoding.UTF8.GetBytes(request), reply);
        long paid = session.Meter.Settle().Points;
        session.Close();
        return paid;
    }
}
