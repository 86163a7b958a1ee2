// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.EndToEnd.Limits;

/// <summary>
/// Everybody who takes more than a share: one that asks as fast as it can, one that never reads, one that sends a byte
/// a second, and thousands that only sit there.
/// </summary>
internal sealed class Attackers : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly List<Thread> _threads = [];
    private readonly ManualResetEventSlim _flooding = new();
    private long _answeredBytes;
    private volatile bool _stop;

    /// <summary>Answers that the flooding session has received so far, in bytes.</summary>
    public long AnsweredBytes => Interlocked.Read(ref _answeredBytes);

    public static Attackers Begin(int port, int idle)
    {
        var attackers = new Attackers();
        for (int i = 0; i < idle; i++)
            attackers.Connect(port).Send("{\"id\":0,\"method\":\"server.version\",\"params\":[\"idle\",\"1.4\"]}\n"u8);

        Socket flood = attackers.Connect(port);
        attackers.Start(() => attackers.SendRepeatedly(flood, "{\"id\":1,\"method\":\"server.banner\",\"params\":[]}\n"));
        attackers.Start(() => attackers.ReadAll(flood));
        Socket deaf = attackers.Connect(port);
        attackers.Start(() => attackers.SendRepeatedly(deaf, "{\"id\":1,\"method\":\"blockchain.block.headers\",\"params\":[0,2016]}\n"));
        Socket slow = attackers.Connect(port);
        attackers.Start(() => attackers.SendByteByByte(slow));
        return attackers;
    }

    /// <summary>Lets the two that send without end begin or pause.</summary>
    public bool IsFlooding
    {
        set
        {
            if (value) _flooding.Set();
            else _flooding.Reset();
        }
    }

    public void Dispose()
    {
        _stop = true;
        _flooding.Set();
        foreach (Socket socket in _sockets)
        {
            // A reset leaves no port waiting.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }

        foreach (Thread thread in _threads) thread.Join();
        _flooding.Dispose();
    }

    private void SendRepeatedly(Socket socket, string line)
    {
        byte[] many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 200)));
        while (!_stop)
        {
            _flooding.Wait();
            socket.Send(many);
        }
    }

    private void ReadAll(Socket socket)
    {
        byte[] buffer = new byte[256 * 1024];
        while (socket.Receive(buffer) is var count and > 0)
            Interlocked.Add(ref _answeredBytes, count);
    }

    private void SendByteByByte(Socket socket)
    {
        while (!_stop)
        {
            socket.Send("{"u8);
            // The pace of this attacker: a byte a second.
            for (int i = 0; i < 10 && !_stop; i++) Thread.Sleep(100);
        }
    }

    private Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(socket);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>Runs until the sockets are closed under it.</summary>
    private void Start(Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // Sent away, or the test is over.
            }
        });
        _threads.Add(thread);
        thread.Start();
    }
}
