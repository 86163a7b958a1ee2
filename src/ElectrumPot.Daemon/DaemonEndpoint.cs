// SPDX-License-Identifier: MIT

namespace ElectrumPot.Daemon;

/// <summary>Where one daemon listens for JSON-RPC and how to log in.</summary>
/// <param name="Host">Name or address; a name may resolve to several addresses, they are tried in order.</param>
/// <param name="Port">TCP port, 42000 for potcoind.</param>
/// <param name="User">potcoind's <c>rpcuser</c>.</param>
/// <param name="Password">potcoind's <c>rpcpassword</c>. Shorter than 20 characters, a wrong one costs 250 ms.</param>
public sealed record DaemonEndpoint(string Host, int Port, string User, string Password)
{
    /// <summary>Host and port, never the password: safe in logs and in messages.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
