// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>How to speak to potcoind. The defaults suit a stock potcoind with its four RPC threads.</summary>
public sealed record DaemonOptions
{
    /// <summary>The daemons, best first. Each call goes to the first that is not known to be away.</summary>
    public required IReadOnlyList<DaemonEndpoint> Endpoints { get; init; }

    /// <summary>
    /// Sockets, and so calls under way, to one daemon; 2 to 64. One of them is always left to wallets and one to the
    /// index. potcoind serves each socket with a thread of its own and has four (<c>rpcthreads</c>): stay below.
    /// </summary>
    public int MaxConnections { get; init; } = 3;

    /// <summary>Time for one call from the moment it gets a socket to the last byte of the reply.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause after a daemon failed; doubles with each failure in a row.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause until a daemon that is away is asked again.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Longest reply in bytes that is taken into memory. Hexadecimal text: a batch of raw blocks needs twice its bytes.
    /// Batches that exceed it are asked again in halves.
    /// </summary>
    public int MaxReplyBytes { get; init; } = 64 << 20;

    /// <summary>A socket unused for this long is closed, since it holds one of potcoind's threads and keeps it from stopping.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A socket is replaced after this long even when busy.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls that may wait for a socket before further ones are refused.</summary>
    public int MaxWaitingCalls { get; init; } = 10_000;

    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        if (Endpoints.Count == 0)
            throw new ArgumentException("No daemon is configured.");
        Require(MaxConnections is >= 2 and <= 64, nameof(MaxConnections), "2 to 64");
        Require(RequestTimeout > TimeSpan.Zero, nameof(RequestTimeout), "above zero");
        Require(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), "above zero");
        Require(MinBackOff > TimeSpan.Zero, nameof(MinBackOff), "above zero");
        Require(MaxBackOff >= MinBackOff, nameof(MaxBackOff), "at least MinBackOff");
        Require(MaxReplyBytes is >= 1 << 16 and <= 1 << 30, nameof(MaxReplyBytes), "65,536 to 1,073,741,824");
        Require(MaxWaitingCalls > 0, nameof(MaxWaitingCalls), "above zero");
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
            throw new ArgumentException($"{name} has to be {range}.");
    }
}
