// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>Which potcoind is simulated.</summary>
public enum DevNodeVersion
{
    /// <summary>0.8.7.2 of 2015: both eras, no relay fee in its answers.</summary>
    Posv0872,

    /// <summary>0.8.6.4 of 2014: proof of work only.</summary>
    Pow0864,

    /// <summary>0.9.5.0 of 2018: both eras, error codes of 0.9.</summary>
    Og0950,
}

/// <summary>How a <see cref="DevNode"/> is set up.</summary>
public sealed record DevNodeOptions
{
    /// <summary>On 127.0.0.1; 0 lets the system choose one.</summary>
    public int Port { get; init; }

    public string User { get; init; } = "devnode";

    /// <summary>A wrong password is answered 250 ms late when this one is shorter than 20 characters.</summary>
    public string Password { get; init; } = "a-password-for-the-devnode";

    public DevNodeVersion Version { get; init; } = DevNodeVersion.Posv0872;

    /// <summary>Same seed and same options: the same chain, byte for byte.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Connections served at the same time; all others wait without an answer.</summary>
    public int RpcThreads { get; init; } = 4;

    /// <summary>Height of the chain at the start.</summary>
    public int BlockCount { get; init; } = 120;

    /// <summary>The last proof-of-work block (974,999 on mainnet); without meaning in 0.8.6.4, which knows nothing else.</summary>
    public int LastPowHeight { get; init; } = 60;

    /// <summary>Transactions that are made before each block of the initial chain, on average.</summary>
    public int TransactionsPerBlock { get; init; } = 3;

    /// <summary>Transactions of the one large block in every hundred; 0 for none.</summary>
    public int LargeBlockTransactions { get; init; } = 150;

    /// <summary>
    /// False: blocks follow each other by about 40 s from the genesis block of 2014 on, and the chain depends on nothing
    /// but the seed. True: the initial chain ends now, and each further block carries the time of its making.
    /// </summary>
    public bool UseClock { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// True, as potcoind does it: replies leave in pieces of 4 KiB with Nagle's algorithm on, which stalls larger replies on a
    /// kept-alive connection by 40 ms. False for tests that should not wait.
    /// </summary>
    public bool SlowWrites { get; init; } = true;
}
