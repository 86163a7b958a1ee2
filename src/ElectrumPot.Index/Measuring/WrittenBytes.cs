// SPDX-License-Identifier: MIT

using System.Buffers.Text;

namespace ElectrumPot.Index.Measuring;

/// <summary>
/// What this process has written since a moment, by the kernel's account: pages that went, or will go, to a device. In a
/// folder that lies in memory there is no device, and the bytes handed to the kernel are counted instead.
/// </summary>
internal sealed class WrittenBytes
{
    private const string Account = "/proc/self/io";

    private readonly bool _isInMemory;
    private (long Device, long Calls)? _start;

    /// <param name="folder">Where most is written.</param>
    public WrittenBytes(string folder)
    {
        _isInMemory = IsInMemory(folder);
        Restart();
    }

    public void Restart() => _start = Read();

    /// <summary>Null where the kernel does not tell.</summary>
    public long? Count()
    {
        if (_start is not { } start || Read() is not { } now) return null;
        long device = now.Device - start.Device;
        return _isInMemory || device == 0 ? now.Calls - start.Calls : device;
    }

    /// <summary>Lines such as <c>write_bytes: 323932160</c>; null without those two.</summary>
    internal static (long Device, long Calls)? Parse(ReadOnlySpan<byte> account)
    {
        long? device = null;
        long? calls = null;
        foreach (Range range in account.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = account[range];
            if (line.StartsWith("write_bytes: "u8)) device = Number(line[13..]);
            else if (line.StartsWith("wchar: "u8)) calls = Number(line[7..]);
        }

        return device is { } a && calls is { } b ? (a, b) : null;
    }

    private static long? Number(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out long number, out _) ? number : null;

    private static (long Device, long Calls)? Read()
    {
        try
        {
            return Parse(File.ReadAllBytes(Account));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsInMemory(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
