// SPDX-License-Identifier: MIT

using System.Globalization;
using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using ElectrumPot.Server.Hosting;

namespace ElectrumPot.Server.CommandLine;

/// <summary>One <c>snapshot create</c>: the running server is asked for the archive; where none runs, the database is opened here.</summary>
/// <param name="adminPort">Null where the configuration has none.</param>
/// <param name="file">Null for the usual name in the data folder.</param>
internal sealed class SnapshotCreation(ServerConfiguration configuration, int? adminPort, string? file, IProgress<SnapshotProgress> progress)
{
    private const int BufferSize = 128 << 10;
    private const int FinishPolls = 100;
    private static readonly TimeSpan FinishPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProgressPoll = TimeSpan.FromMilliseconds(500);

    /// <returns>A sentence of what was made.</returns>
    /// <exception cref="CommandFailure">The server refused or broke off, or the file cannot be written.</exception>
    /// <exception cref="IndexException">The stopped database cannot be copied.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using PartFile part = await OpenServerAsync(cancellationToken) is { } server ? await CopyAsync(server, cancellationToken) : WriteStopped(cancellationToken);
        long length = part.Stream.Length;
        Guard(part.Path, part.Complete);
        return string.Create(CultureInfo.InvariantCulture, $"made {part.Path}, {length / 1e6:N1} MB");
    }

    /// <returns>Null where no server runs.</returns>
    private async Task<ServerAnswer?> OpenServerAsync(CancellationToken cancellationToken)
    {
        if (adminPort is not { } port) return null;
        string password = configuration.Get(ServerSection.Password);
        var asking = new AdminClient(port, password);
        var client = AdminClient.ForSnapshot(port, password);
        try
        {
            StatusReport status = await asking.GetStatusAsync(cancellationToken);
            return new ServerAnswer(client, asking, await client.OpenSnapshotAsync(cancellationToken), status.DataFolder);
        }
        catch (CommandFailure failure) when (failure.Code == ExitCode.NotRunning)
        {
            // If one runs all the same, the lock of its database says so.
            client.Dispose();
            asking.Dispose();
            return null;
        }
        catch
        {
            client.Dispose();
            asking.Dispose();
            throw;
        }
    }

    private async Task<PartFile> CopyAsync(ServerAnswer server, CancellationToken cancellationToken)
    {
        using ServerAnswer answer = server;
        long length = answer.Response.Content.Headers.ContentLength ?? throw new CommandFailure(ExitCode.NotRunning, $"what listens on port {adminPort} is no Electrum-POT server; check [admin] port");
        PartFile part = file is null ? Create(FindName(answer), FindFolder(answer), length) : Create(file, leftovers: null, length);
        try
        {
            await CopyAsync(answer, part, length, cancellationToken);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Any user of this machine may listen where no server does: the answer chooses no more than one file of the folder.</summary>
    private string FindName(ServerAnswer answer)
    {
        string name = answer.Response.Content.Headers.ContentDisposition?.FileName?.Trim('"') ?? "";
        return IsUsual(name)
            ? name
            : throw new CommandFailure(ExitCode.NotRunning, $"what listens on port {adminPort} offers no snapshot with a name of the usual form; check [admin] port, or name the FILE");
    }

    /// <summary>The configured folder. Only a demonstration has none, and is believed with no more rights than its own user has.</summary>
    private string FindFolder(ServerAnswer answer)
    {
        if (File.Exists(configuration.File)) return DataFolder.Snapshots(configuration);
        return Environment.IsPrivilegedProcess
            ? throw new CommandFailure(ExitCode.Configuration, "there is no configuration that names the data folder, and root writes to none that it is told of; name the FILE, or the configuration with --config")
            : Path.Combine(answer.DataFolder, "snapshots");
    }

    /// <summary>Whether it is a coin, a hyphen, a height and the ending.</summary>
    private static bool IsUsual(string name)
    {
        const string ending = ".tar";
        int hyphen = name.LastIndexOf('-');
        return hyphen > 0
            && name.EndsWith(ending, StringComparison.Ordinal)
            && name.Length > hyphen + 1 + ending.Length
            && name[..hyphen].All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            && name[(hyphen + 1)..^ending.Length].All(char.IsAsciiDigit);
    }

    private async Task CopyAsync(ServerAnswer answer, PartFile part, long length, CancellationToken cancellationToken)
    {
        await using Stream body = await answer.Response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[BufferSize];
        long done = 0;
        while (true)
        {
            int count;
            try
            {
                Task<int> reading = body.ReadAsync(buffer, cancellationToken).AsTask();
                while (await Task.WhenAny(reading, Task.Delay(ProgressPoll, cancellationToken)) != reading)
                {
                    // The server reads everything once before the first byte.
                    cancellationToken.ThrowIfCancellationRequested();
                    if (done == 0) await ShowServerAsync(answer.Asking, cancellationToken);
                }

                count = await reading;
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException)
            {
                throw new CommandFailure(ExitCode.Refused, $"the server broke off: {await FindReasonAsync(answer.Asking, cancellationToken)}", failure);
            }

            if (count == 0) break;
            Guard(part.Path, () => part.Stream.Write(buffer, 0, count));
            progress.Report(new SnapshotProgress("writing", done += count, length));
        }

        await LetServerFinishAsync(answer.Asking, cancellationToken);
    }

    private async Task ShowServerAsync(AdminClient client, CancellationToken cancellationToken)
    {
        try
        {
            SnapshotReport report = await client.GetSnapshotAsync(cancellationToken);
            progress.Report(new SnapshotProgress(report.State, report.Done, report.Total));
        }
        catch (CommandFailure)
        {
            // It only is not told how far it is; whether the copy arrives is seen by the copy.
        }
    }

    /// <summary>The last byte arrives a moment before the server has cleaned up, and the next command should find it ready.</summary>
    private static async Task LetServerFinishAsync(AdminClient client, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < FinishPolls && (await client.GetSnapshotAsync(cancellationToken)).State != SnapshotReport.Idle.State; i++)
                await Task.Delay(FinishPoll, cancellationToken);
        }
        catch (CommandFailure)
        {
            // It has just stopped. Everything is here.
        }
    }

    private static async Task<string> FindReasonAsync(AdminClient client, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetSnapshotAsync(cancellationToken)).Failure ?? "it gives no reason; look into its log";
        }
        catch (CommandFailure)
        {
            return "it has stopped";
        }
    }

    private PartFile WriteStopped(CancellationToken cancellationToken)
    {
        using ChainIndex index = StoppedDatabase.Open(PartOptions.Index(configuration));
        using SnapshotArchive archive = index.PrepareSnapshot(ServerVersion.Text, TimeProvider.System.GetUtcNow());
        string folder = DataFolder.Snapshots(configuration);
        PartFile part = file is null ? Create(archive.FileName, folder, archive.Length) : Create(file, leftovers: null, archive.Length);
        try
        {
            Guard(part.Path, () => archive.Write(part.Stream, progress, cancellationToken));
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <param name="leftovers">The folder of all snapshots, where it is written there.</param>
    private PartFile Create(string name, string? leftovers, long length)
    {
        string path = leftovers is null ? name : Path.Combine(leftovers, name);
        PartFile? part = null;
        Guard(path, () =>
        {
            if (leftovers is not null) PartFile.RemoveLeftovers(leftovers, "*.tar");
            part = PartFile.Create(path, length, DataFolder.Index(configuration));
        });
        return part!;
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (IOException failure)
        {
            throw new CommandFailure(ExitCode.Storage, $"{path} cannot be written: {failure.Message}", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new CommandFailure(ExitCode.CannotStart, $"{path} cannot be written: {failure.Message} Name another file, or run this as a user who may", failure);
        }
    }

    /// <summary>An archive that is on its way, and a second connection for asking how it goes.</summary>
    private sealed record ServerAnswer(AdminClient Client, AdminClient Asking, HttpResponseMessage Response, string DataFolder) : IDisposable
    {
        public void Dispose()
        {
            Response.Dispose();
            Asking.Dispose();
            Client.Dispose();
        }
    }
}
