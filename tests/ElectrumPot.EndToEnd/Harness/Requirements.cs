// SPDX-License-Identifier: MIT

namespace ElectrumPot.EndToEnd.Harness;

/// <summary>What these tests need from the machine; a missing program is a failure, never a skipped test.</summary>
internal static class Requirements
{
    public const string Advice = "These tests need Debian's packages litecoind, electrum, haproxy, ngircd, curl and python3-websockets; scripts/setup --tests installs them.";
}
