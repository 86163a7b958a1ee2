// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ElectrumPot.EndToEnd.Answers;
using ElectrumPot.EndToEnd.Client;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.BadInput;

/// <summary>Connections that want to hurt: the server gives them little and nobody else less.</summary>
public sealed class HostileConnectionTests(LitecoinFixture fixture) : IClassFixture<LitecoinFixture>
{
    private const long MebiByte = 1024 * 1024;

    [Fact]
    public async Task A_line_of_100_megabytes_is_refused_without_being_kept()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        long before = ResidentBytes();
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        byte[] piece = Encoding.ASCII.GetBytes(new string('x', 1_000_000));
        try
        {
            for (int i = 0; i < 100; i++) await connection.SendAsync(piece);
            await connection.SendAsync("\n"u8.ToArray());
            // Either the connection ends, or the line is dropped and at most answered with an error.
            await connection.ReadLineAsync();
        }
        catch (IOException)
        {
            // Cut off in the middle of the line.
        }

        (ResidentBytes() - before).ShouldBeLessThan(60 * MebiByte);
        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task A_client_that_never_reads_is_disconnected_before_its_answers_fill_the_memory()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        long before = ResidentBytes();
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(id =>
            $$"""{"id":{{id.ToString(CultureInfo.InvariantCulture)}},"method":"blockchain.block.headers","params":[0,2016]}""" + "\n")));

        // 40,000 requests whose answers are 20 kB each: 800 MB for somebody who takes nothing.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Task flooding = FloodAsync();
        await flooding;

        (ResidentBytes() - before).ShouldBeLessThan(150 * MebiByte);
        await bystander.ShouldNotHaveNoticedAsync();

        async Task FloodAsync()
        {
            try
            {
                for (int i = 0; i < 400; i++) await connection.SendAsync(requests).WaitAsync(TimeSpan.FromSeconds(5), deadline.Token);
            }
            catch (Exception stopped) when (stopped is IOException or TimeoutException)
            {
                // Disconnected, or no longer listened to until it reads: both keep the queue bounded.
            }
        }
    }

    [Fact]
    public async Task Half_open_tls_connections_keep_nobody_out()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        var silent = new List<Socket>();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Server.TlsPort), TestContext.Current.CancellationToken);
                // A third says nothing, a third begins a handshake, a third speaks something else.
                if (i % 3 == 1) await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 }, TestContext.Current.CancellationToken);
                if (i % 3 == 2) await socket.SendAsync("{\"id\":0,\"method\":\"server.version\",\"params\":[]}\n"u8.ToArray(), TestContext.Current.CancellationToken);
            }

            await using ElectrumClient client = await fixture.Server.ConnectAsync(tls: true);
            (await client.CallAsync("blockchain.headers.subscribe")).GetProperty("height").GetInt32().ShouldBeGreaterThan(0);
        }
        finally
        {
            foreach (Socket socket in silent) socket.Dispose();
        }

        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task Connections_that_vanish_in_the_middle_of_things_leave_nothing_behind()
    {
        await using Bystander bystander = await Bystander.WatchAsync(fixture.Server);
        string script = new('b', 64);
        for (int i = 0; i < 200; i++)
        {
            LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
            await connection.SendLineAsync($$"""{"id":0,"method":"blockchain.scripthash.subscribe","params":["{{script}}"]}""");
            await connection.SendAsync("{\"id\":1,\"method\":"u8.ToArray());
            connection.Reset();
        }

        await fixture.Daemon.MineAsync();
        await fixture.Server.CatchUpAsync(fixture.Daemon);
        await Eventually.HoldsAsync(() => OpenSockets() < 50);
        await bystander.ShouldNotHaveNoticedAsync();
    }

    [Fact]
    public async Task A_client_that_only_stops_sending_still_gets_its_answers()
    {
        await using LineConnection connection = await LineConnection.OpenAsync(fixture.Server.TcpPort);
        for (int id = 0; id < 20; id++)
            await connection.SendLineAsync($$"""{"jsonrpc":"2.0","id":{{id.ToString(CultureInfo.InvariantCulture)}},"method":"server.banner"}""");

        connection.CloseSendingSide();

        for (int id = 0; id < 20; id++) (await connection.ReadLineAsync()).ShouldNotBeNull();
        (await connection.ReadLineAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_thousand_requests_in_one_write_are_all_answered()
    {
        await using ElectrumClient client = await fixture.Server.ConnectAsync();

        var answers = await client.CallManyAsync("blockchain.block.header", Enumerable.Range(0, 1_000).Select(i => new object?[] { i % 100 }));

        answers.Count.ShouldBe(1_000);
    }

    /// <summary>Memory of the server process, as the kernel counts it.</summary>
    private long ResidentBytes()
    {
        string line = File.ReadLines($"/proc/{fixture.Server.Process.Id}/status").Single(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>A handle may be closed while it is looked at; then it has no target.</summary>
    private int OpenSockets() =>
        Directory.EnumerateFileSystemEntries($"/proc/{fixture.Server.Process.Id}/fd")
            .Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
