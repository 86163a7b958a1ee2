// SPDX-License-Identifier: MIT

using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using ElectrumPot.Electrum.Wire;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Peers.Irc;

/// <summary>
/// Finds servers in an IRC channel, as in 2014, and shows this one there (protocol, "IRC discovery of 2014"). In 2014
/// whatever stood in the channel was told to wallets; here it is only a hint: a server found this way is examined like
/// any other before wallets hear of it.
/// </summary>
public sealed partial class IrcFeed
{
    /// <summary>512 by RFC 1459 and 8,191 for the tags of version 3.</summary>
    private const int MaxLineBytes = 8_703;

    private const int MaxQueuedLines = 64;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>After so long without a line the network is asked for one; after twice as long it is gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(4);

    private readonly IrcOptions _options;
    private readonly IrcIdentity _identity;
    private readonly PeerDirectory _peers;
    private readonly PeerNetwork _network;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    private IrcFeed(IrcOptions options, IrcIdentity identity, PeerDirectory peers, ILogger log, TimeProvider time, PeerNetwork network)
    {
        _options = options;
        _identity = identity;
        _peers = peers;
        _network = network;
        _time = time;
        _log = log;
    }

    /// <returns>Null when it is not wanted, or when there is no public clearnet name to show: the network sees our address.</returns>
    public static IrcFeed? For(ElectrumOptions options, PeerDirectory peers, ILogger log, TimeProvider time) => For(options, peers, log, time, PeerNetwork.Internet);

    internal static IrcFeed? For(ElectrumOptions options, PeerDirectory peers, ILogger log, TimeProvider time, PeerNetwork network)
    {
        if (options.Peers is not { Discovery: PeerDiscovery.On, Irc: { } irc }) return null;
        if (peers.Own.Clearnet is not { } host)
        {
            LogStaysAway(log, irc.Server);
            return null;
        }

        string version = $"{options.Protocol.Max.Major}.{options.Protocol.Max.Minor}";
        return new IrcFeed(irc, IrcIdentity.For(options.Coin.IrcPrefix, irc.Nick, host, version, options.PruningLimit), peers, log, time, network);
    }

    /// <summary>Stays in the channel until cancelled, and comes back when it is thrown out.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        try
        {
            while (true)
            {
                string reason;
                try
                {
                    await using Stream stream = await ConnectAsync(cancellation);
                    (bool wasJoined, reason) = await VisitAsync(stream, cancellation);
                    if (wasJoined) pause = FirstPause;
                }
                catch (Exception failure) when (failure is IOException or SocketException)
                {
                    reason = failure.Message;
                }

                LogLost(_options.Server, PeerJson.Clean(reason), pause.TotalSeconds);
                await Task.Delay(pause, _time, cancellation);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(ConnectPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await _network.ConnectAsync(new DnsEndPoint(_options.Server, _options.Port), either.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("it does not answer", late);
        }
    }

    /// <summary>One connection from log-in to its end.</summary>
    private async Task<(bool WasJoined, string Reason)> VisitAsync(Stream stream, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Null is a tick. With so few places a network that floods us is read slowly.
        var events = Channel.CreateBounded<string?>(MaxQueuedLines);
        Task reading = ReadAsync(stream, events.Writer, end.Token);
        Task ticking = TickAsync(events.Writer, end.Token);
        var outgoing = new StringBuilder();
        var conversation = new IrcConversation(
            _identity, _options.Channel, line => outgoing.Append(line).Append("\r\n"), announcement => _peers.Learn(announcement, "irc"));
        try
        {
            await TalkAsync(conversation, events.Reader, stream, outgoing, cancellation);
        }
        finally
        {
            await end.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ticking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (conversation.IsJoined, conversation.Refusal.Length > 0 ? conversation.Refusal : "the connection has ended");
    }

    private async Task TalkAsync(IrcConversation conversation, ChannelReader<string?> events, Stream stream, StringBuilder outgoing, CancellationToken cancellation)
    {
        long heardAt = _time.GetTimestamp();
        long listedAt = heardAt;
        bool wasJoined = false;
        bool isAsked = false;
        conversation.LogIn();
        await FlushAsync(stream, outgoing, cancellation);
        await foreach (string? line in events.ReadAllAsync(cancellation))
        {
            if (line is not null)
            {
                heardAt = _time.GetTimestamp();
                isAsked = false;
                conversation.Receive(line);
            }
            else
            {
                TimeSpan silent = _time.GetElapsedTime(heardAt);
                if (silent > 2 * Silence) throw new IOException("it is silent");
                if (silent > Silence && !isAsked)
                {
                    isAsked = true;
                    outgoing.Append("PING :").Append(_options.Server).Append("\r\n");
                }

                conversation.AskOne();
                if (_time.GetElapsedTime(listedAt) >= _options.NamesInterval)
                {
                    listedAt = _time.GetTimestamp();
                    conversation.List();
                }
            }

            if (conversation.IsJoined != wasJoined)
            {
                wasJoined = conversation.IsJoined;
                if (wasJoined) LogJoined(_options.Server, _options.Channel, _identity.Nick);
            }

            await FlushAsync(stream, outgoing, cancellation);
        }
    }

    private static async Task FlushAsync(Stream stream, StringBuilder outgoing, CancellationToken cancellation)
    {
        if (outgoing.Length == 0) return;
        byte[] bytes = Encoding.UTF8.GetBytes(outgoing.ToString());
        outgoing.Clear();
        await stream.WriteAsync(bytes, cancellation);
    }

    /// <summary>Hands lines on until the connection ends; the end of the channel carries the reason.</summary>
    private static async Task ReadAsync(Stream stream, ChannelWriter<string?> lines, CancellationToken cancellation)
    {
        PipeReader input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var framer = new LineFramer(MaxLineBytes);
        Exception? reason = null;
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(cancellation);
                ReadOnlySequence<byte> buffer = result.Buffer;
                while (framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
                    await lines.WriteAsync(Encoding.UTF8.GetString(line), cancellation);
                if (framer.IsTooLong) throw new IOException("it sends a line without an end");
                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            reason = failure as IOException;
        }

        await input.CompleteAsync();
        lines.TryComplete(reason);
    }

    private async Task TickAsync(ChannelWriter<string?> events, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TickInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellation)) events.TryWrite(null);
    }

    [LoggerMessage(EventId = 36, Level = LogLevel.Warning, Message = "irc is not used, for there is no public clearnet name to show there server={Server}")]
    private static partial void LogStaysAway(ILogger log, string server);

    [LoggerMessage(EventId = 33, Level = LogLevel.Information, Message = "irc joined server={Server} channel={Channel} nick={Nick}")]
    private partial void LogJoined(string server, string channel, string nick);

    [LoggerMessage(EventId = 34, Level = LogLevel.Warning, Message = "irc lost server={Server} reason={Reason} retry_seconds={Seconds}")]
    private partial void LogLost(string server, string reason, double seconds);
}
