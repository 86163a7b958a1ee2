// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Tests.Electrum.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Sessions;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":12,"method":"server.ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"blockchain.block.header","params":[7],"id":"x"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"blockchain.relayfee"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"server.peers.subscribe"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"blockchain.estimatefee","params":[25]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"blockchain.block.headers","params":{"start_height":0,"count":10}}""")]
    public void What_needs_no_query_takes_no_memory_between_reading_and_writing(string json)
    {
        var options = new ElectrumOptions { Coin = CoinRegistry.BuiltIn.Get("potcoin"), Endpoints = [] };
        var chain = new ScriptedChain();
        var peers = new PeerDirectory(options, chain, NullLogger.Instance, TimeProvider.System);
        var server = new ServerContext(options, chain, new ScriptedDaemon(), peers, TimeProvider.System);
        var session = new Session(1, new ClientConnection(ElectrumTransport.Tcp, RemoteEndPoint: null, _ => { }), new Pipe().Writer, server);
        var dispatcher = new Dispatcher(MethodTable.All, NullLogger.Instance);
        byte[] line = System.Text.Encoding.UTF8.GetBytes(json);
        Repeat(100);
        Allocation.Of(() => Repeat(1000)).ShouldBe(0);
        session.Close();

        void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using ReplyWriter reply = ReplyWriter.Rent(session.MaxReplyBytes);
                dispatcher.Dispatch(session, line, reply).Deferred.ShouldBeNull();
            }
        }
    }
}
