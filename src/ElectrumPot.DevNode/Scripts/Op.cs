// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <summary>The opcodes that the simulation writes or understands.</summary>
internal static class Op
{
    public const byte Zero = 0x00;
    public const byte PushData1 = 0x4c;
    public const byte PushData2 = 0x4d;
    public const byte One = 0x51;
    public const byte Sixteen = 0x60;
    public const byte Nop = 0x61;
    public const byte Verify = 0x69;
    public const byte Return = 0x6a;
    public const byte Drop = 0x75;
    public const byte Dup = 0x76;
    public const byte Equal = 0x87;
    public const byte EqualVerify = 0x88;
    public const byte Sha256 = 0xa8;
    public const byte Hash160 = 0xa9;
    public const byte CheckSig = 0xac;
    public const byte CheckMultisig = 0xae;

    /// <summary>The name potcoind prints; null for opcodes that the simulation does not know.</summary>
    public static string? NameOf(byte opcode) => opcode switch
    {
        Zero => "0",
        >= One and <= Sixteen => (opcode - One + 1).ToString(),
        Nop => "OP_NOP",
        Verify => "OP_VERIFY",
        Return => "OP_RETURN",
        Drop => "OP_DROP",
        Dup => "OP_DUP",
        Equal => "OP_EQUAL",
        EqualVerify => "OP_EQUALVERIFY",
        Sha256 => "OP_SHA256",
        Hash160 => "OP_HASH160",
        CheckSig => "OP_CHECKSIG",
        CheckMultisig => "OP_CHECKMULTISIG",
        _ => null,
    };
}
