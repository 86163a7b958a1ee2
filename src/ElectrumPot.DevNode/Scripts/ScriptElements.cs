// SPDX-License-Identifier: MIT

namespace ElectrumPot.Simulation;

/// <param name="Data">What a push pushes; null for other opcodes.</param>
internal readonly record struct ScriptElement(byte Opcode, byte[]? Data);

/// <summary>Cuts a script into its elements.</summary>
internal static class ScriptElements
{
    /// <returns>False when a push runs over the end.</returns>
    public static bool TryRead(ReadOnlySpan<byte> script, out List<ScriptElement> elements)
    {
        elements = [];
        while (!script.IsEmpty)
        {
            byte opcode = script[0];
            script = script[1..];
            if (opcode > Op.PushData2 + 1)
            {
                elements.Add(new ScriptElement(opcode, null));
                continue;
            }

            int width = opcode < Op.PushData1 ? 0 : 1 << (opcode - Op.PushData1);
            if (script.Length < width) return false;
            long length = opcode;
            if (width > 0)
            {
                length = 0;
                for (int i = width - 1; i >= 0; i--)
                    length = (length << 8) | script[i];
            }

            if (length > script.Length - width) return false;
            elements.Add(new ScriptElement(opcode, script.Slice(width, (int)length).ToArray()));
            script = script[(width + (int)length)..];
        }

        return true;
    }
}
