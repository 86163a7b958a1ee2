// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>An array of zero-terminated UTF-8 strings for the length of one native call.</summary>
internal sealed class NativeStrings : IDisposable
{
    internal NativeStrings(IEnumerable<string> texts) => Pointers = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];

    internal nint[] Pointers { get; }

    public void Dispose()
    {
        foreach (nint text in Pointers) Marshal.FreeCoTaskMem(text);
    }
}
