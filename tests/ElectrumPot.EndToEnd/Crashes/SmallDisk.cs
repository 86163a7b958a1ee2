// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>
/// A file system of a few megabytes in memory, which fills up when a test wants it. Root mounts it; others get it in a
/// namespace of their own, where the server then runs as well.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int BlockSize = 4096;

    private readonly TemporaryFolder _folder = new("disk");
    private Process? _namespace;

    private SmallDisk()
    {
    }

    /// <summary>As the server sees it.</summary>
    public string Path => _folder.Path;

    /// <summary>As this process sees it.</summary>
    public string PathFromHere => _namespace is null ? Path : $"/proc/{_namespace.Id}/root{Path}";

    /// <summary>Starts a program that is to see it.</summary>
    public IReadOnlyList<string> Launcher => _namespace is null
        ? ["/usr/bin/env"]
        : ["/usr/bin/nsenter", "--preserve-credentials", "--user", "--mount", "--target", _namespace.Id.ToString(CultureInfo.InvariantCulture), "--"];

    public long FreeBytes => new DriveInfo(PathFromHere).AvailableFreeSpace;

    private string Ballast => System.IO.Path.Combine(PathFromHere, "ballast");

    /// <summary>Mounts it. Where the machine does not allow that, the test is skipped with the reason.</summary>
    public static async Task<SmallDisk> MountAsync(long bytes)
    {
        var disk = new SmallDisk();
        string options = Options(bytes);
        (int code, string reason) = await RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.Path);
        if (code == 0) return disk;

        Process holder = Process.Start(new ProcessStartInfo("unshare")
        {
            ArgumentList = { "--user", "--map-root-user", "--mount", "sh", "-c", $"mount -t tmpfs -o {options} tmpfs {disk.Path} && echo mounted && exec cat" },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) == "mounted")
        {
            disk._namespace = holder;
            return disk;
        }

        string refusal = await holder.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        holder.Dispose();
        disk._folder.Dispose();
        Assert.Skip($"This machine lets nobody mount a small file system: mount says '{reason.Trim()}', unshare says '{refusal.Trim()}'. Run the tests as root, or where user namespaces are allowed.");
        throw new UnreachableException();
    }

    public async Task ResizeAsync(long bytes)
    {
        // With its source named, mount does not look for other options of it, which a namespace does not allow to repeat.
        string[] remount = ["mount", "-o", $"remount,{Options(bytes)}", "tmpfs", Path];
        string[] command = _namespace is null ? remount : [.. Launcher, .. remount];
        (int code, string output) = await RunAsync(command[0], command[1..]);
        code.ShouldBe(0, output);
    }

    /// <summary>Lets something else take the room, all but this much.</summary>
    public void FillUp(long leave)
    {
        using FileStream ballast = File.Open(Ballast, FileMode.Append);
        byte[] block = new byte[BlockSize];
        for (long free = FreeBytes; free > leave + BlockSize; free -= BlockSize) ballast.Write(block);
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        if (_namespace is { } holder)
        {
            holder.StandardInput.Close();
            await holder.WaitForExitAsync();
            holder.Dispose();
        }
        else
        {
            await RunAsync("umount", Path);
        }

        _folder.Dispose();
    }

    private static string Options(long bytes) => string.Create(CultureInfo.InvariantCulture, $"size={bytes}");

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments, "It is part of util-linux and mount.");
        int code = await process.WaitForExitAsync();
        return (code, process.Output);
    }
}
