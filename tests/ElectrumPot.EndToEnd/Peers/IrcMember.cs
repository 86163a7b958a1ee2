// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Peers;

/// <summary>Somebody in the channel: another server, as far as others can see.</summary>
internal sealed class IrcMember : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StreamWriter _writer;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _lines = new();

    private IrcMember(TcpClient client)
    {
        _client = client;
        _writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        _reading = ReadAsync();
    }

    /// <summary>Logs in and is in the channel when it returns.</summary>
    public static async Task<IrcMember> JoinAsync(int port, string nick, string realName, string channel)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var member = new IrcMember(client);
        await member.SayAsync($"USER test 0 * :{realName}");
        await member.SayAsync($"NICK {nick}");
        await member.HearsAsync(" 001 ");
        await member.SayAsync($"JOIN {channel}");
        await member.HearsAsync(" 366 ");
        return member;
    }

    public Task SayAsync(string line) => _writer.WriteLineAsync(line.AsMemory(), TestContext.Current.CancellationToken);

    /// <summary>Waits for a line with these words, and returns it.</summary>
    public async Task<string> HearsAsync(string words, TimeSpan? within = null)
    {
        await Eventually.HoldsAsync(() => _lines.Any(line => line.Contains(words, StringComparison.Ordinal)), within, $"heard '{words}'");
        return _lines.First(line => line.Contains(words, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _reading;
        await _writer.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(_client.GetStream(), leaveOpen: true);
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (line.StartsWith("PING", StringComparison.Ordinal)) await SayAsync("PONG" + line[4..]);
                else _lines.Enqueue(line);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Left, or the network has gone.
        }
    }
}
