// SPDX-License-Identifier: MIT

using System.Buffers;

namespace ElectrumPot.Electrum.Peers.Irc;

/// <summary>
/// What is said in the channel: log-in, listing the members, asking who the servers among them are. Knows no sockets
/// and no clock; one thread at a time.
/// </summary>
/// <remarks>
/// Two defects of 2014 are not repeated: a nick with the sign of a rank before it, and the first nick of a list, which
/// came with a colon, were passed over.
/// </remarks>
/// <param name="send">Takes a line without its end.</param>
/// <param name="learn">Told of each server that was asked about and whose real name can be read; tells whether it is a new one.</param>
internal sealed class IrcConversation(IrcIdentity identity, string channel, Action<string> send, Func<PeerAnnouncement, bool> learn)
{
    /// <summary>Servers asked about in one round; the rest waits for the next.</summary>
    private const int MaxQueue = 200;

    /// <summary>Each will be contacted: a network must not send us to any number of hosts.</summary>
    private const int MaxNewPerRound = 20;

    private static readonly char[] RankSigns = ['~', '&', '@', '%', '+'];
    private static readonly SearchValues<char> NeverInNicks = SearchValues.Create(" ,*?\r\n");

    private readonly Queue<string> _unasked = new();
    private readonly HashSet<string> _queued = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private string _nick = identity.Nick;
    private int _collisions;
    private int _new;

    public bool IsJoined { get; private set; }

    /// <summary>What the network said last against us; empty when nothing.</summary>
    public string Refusal { get; private set; } = "";

    public void LogIn()
    {
        send($"USER electrum 0 * :{identity.RealName}");
        send($"NICK {_nick}");
    }

    /// <summary>Begins a round: the members are listed, then asked about one after the other.</summary>
    public void List()
    {
        if (!IsJoined)
        {
            send($"JOIN {channel}");
            return;
        }

        _unasked.Clear();
        _queued.Clear();
        _asked.Clear();
        _new = 0;
        send($"NAMES {channel}");
    }

    /// <summary>Asks about one member. Networks take a flood of questions for an attack, so this is to be paced.</summary>
    public void AskOne()
    {
        if (!_unasked.TryDequeue(out string? nick)) return;
        _asked.Add(nick);
        send($"WHO {nick}");
    }

    public void Receive(string text)
    {
        var line = IrcLine.Parse(text);
        switch (line.Command)
        {
            case "PING":
                send($"PONG :{line[0]}");
                break;
            case "001":
                // The network has the last word about the nick.
                if (line[0].Length > 0) _nick = line[0];
                send($"JOIN {channel}");
                break;
            case "432" or "433" or "436" or "437":
                TryAnotherNick(line);
                break;
            case "403" or "405" or "471" or "473" or "474" or "475" or "477":
                Refusal = PeerJson.Clean($"{line[1]}: {line[2]}");
                break;
            case "JOIN":
                if (IsOwn(line.Nick)) IsJoined = true;
                else Queue(line.Nick);
                break;
            case "NICK":
                if (IsOwn(line.Nick)) _nick = line[0];
                else Queue(line[0]);
                break;
            case "ERROR":
                Refusal = PeerJson.Clean(line[0]);
                break;
            case "KICK":
                if (IsOwn(line[1])) IsJoined = false;
                break;
            case "353":
                foreach (string nick in line[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)) Queue(nick.TrimStart(RankSigns));
                break;
            case "352":
                Describe(line);
                break;
        }
    }

    /// <summary>352: own nick, channel, user, host mask, server, nick, flags, then hop count and real name.</summary>
    private void Describe(IrcLine line)
    {
        // One reply to each question; the others nobody asked for.
        if (!_asked.Remove(line[5]) || _new >= MaxNewPerRound) return;
        int end = line[7].IndexOf(' ', StringComparison.Ordinal);
        if (end >= 0 && PeerAnnouncement.TryParse(line[7][(end + 1)..], out PeerAnnouncement? announcement) && learn(announcement)) _new++;
    }

    private void Queue(string nick)
    {
        if (IsOwn(nick) || !nick.StartsWith(identity.Prefix, StringComparison.OrdinalIgnoreCase)) return;
        // What a network calls a nick goes back to it as it came: it must stay one word.
        if (_queued.Count >= MaxQueue || nick.AsSpan().ContainsAny(NeverInNicks) || !_queued.Add(nick)) return;
        _unasked.Enqueue(nick);
    }

    private void TryAnotherNick(IrcLine line)
    {
        Refusal = PeerJson.Clean($"{line[1]}: {line[2]}");
        // Once logged in there is a nick already.
        if (IsJoined || line.Command == "432" || ++_collisions > 9) return;
        _nick = $"{identity.Nick}{_collisions}";
        send($"NICK {_nick}");
    }

    private bool IsOwn(string nick) => nick.Equals(_nick, StringComparison.OrdinalIgnoreCase);
}
