// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ElectrumPot.Benchmarks.ChainGeneration;

namespace ElectrumPot.Benchmarks.BlockServing;

/// <summary>A daemon that does nothing but hand out a chain, with a thread for each connection as potcoind has.</summary>
internal static class RpcDaemon
{
    private const int MaxConnections = 16;

    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    /// <summary>
    /// Says on standard output where it listens, and serves until standard input ends. Each line of standard input is another
    /// height to show, and is answered with the time stamp of its showing.
    /// </summary>
    /// <param name="height">Of the last block that is shown at first; null for all.</param>
    public static void Run(string folder, int? height)
    {
        using var store = new BlockStore(GeneratedChain.Open(folder));
        if (height is { } shown) store.TipHeight = shown;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(MaxConnections);
        using var places = new SemaphoreSlim(MaxConnections);
        new Thread(() =>
        {
            while (true)
            {
                places.Wait();
                Socket client = listener.Accept();
                new Thread(() =>
                {
                    Serve(client, store);
                    places.Release();
                }) { IsBackground = true }.Start();
            }
        }) { IsBackground = true }.Start();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listening {((IPEndPoint)listener.LocalEndPoint!).Port}"));
        while (Console.In.ReadLine() is { } line)
        {
            store.TipHeight = int.Parse(line, CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"shown {Stopwatch.GetTimestamp()}"));
        }

        Environment.Exit(0);
    }

    private static void Serve(Socket client, BlockStore store)
    {
        using (client)
        {
            client.NoDelay = true;
            var answers = new RpcAnswers(store);
            var reply = new ByteSink();
            byte[] buffer = new byte[1 << 20];
            int filled = 0;
            try
            {
                while (true)
                {
                    (int head, int body) = Find(buffer.AsSpan(0, filled));
                    if (head < 0 || head + body > filled)
                    {
                        if (filled == buffer.Length || head + body > buffer.Length) return;
                        int received = client.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
                        if (received == 0) return;
                        filled += received;
                        continue;
                    }

                    reply.Clear();
                    answers.Answer(buffer.AsMemory(head, body), reply);
                    buffer.AsSpan(head + body, filled - head - body).CopyTo(buffer);
                    filled -= head + body;
                    client.Send(
                    [
                        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: {reply.Length}\r\nContent-Type: application/json\r\nServer: benchmark/v0.1\r\n\r\n"),
                        reply.Memory,
                    ]);
                }
            }
            catch (SocketException)
            {
                // The client has left.
            }
        }
    }

    /// <summary>Where the body of the first request begins and how long it is; -1 while its head is not complete.</summary>
    private static (int Head, int Body) Find(ReadOnlySpan<byte> received)
    {
        int end = received.IndexOf(EndOfHead);
        if (end < 0) return (-1, 0);
        string head = Encoding.ASCII.GetString(received[..end]);
        int at = head.IndexOf("Content-Length:", StringComparison.OrdinalIgnoreCase);
        int line = head.IndexOf('\r', at);
        return (end + EndOfHead.Length, int.Parse(head.AsSpan(at + 15, (line < 0 ? head.Length : line) - at - 15), CultureInfo.InvariantCulture));
    }
}
