// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>The genesis block of Potcoin's mainnet, so that the built-in coin accepts the simulation as its daemon.</summary>
internal static class GenesisBlock
{
    public const string Hex =
        "0100000000000000000000000000000000000000000000000000000000000000000000003de5af055300a913c07e178efc107c9184dddcbc9d888aae7eea6ee00686a0d5"
        + "fbf5d452f0ff0f1eb9330700"
        + "0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff40"
        + "04ffff001d01043842616e6b73204172656e277420416363657074696e67204c6567616c204d6172696a75616e61204d6f6e65792e2048657265277320576879"
        + "ffffffff01002465c7090000004341"
        + "040184710fa689ad5023690c80f3a49c8f13f8d45b8c857fbcbc8bc4a8e4d3eb4b10f4d4604fa08dce601aaf0f470216fe1b51850b4acf21b179c45070ac7b03a9"
        + "ac00000000";

    /// <summary>The genesis hash of a test network: what a daemon of another coin would answer.</summary>
    public const string HashOfAnotherNetwork = "375a10038dbcbf09dbf211280ffa68f5d0138be4c177bff231e28665b3eb8e91";
}
