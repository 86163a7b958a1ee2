// SPDX-License-Identifier: MIT

using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Configuration.Sections;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.Hosting;

/// <summary>
/// Puts a snapshot into a folder now and then and keeps the newest. The time of the last one is that of its file, so that
/// restarts change nothing. Snapshots made by hand have other names and are left alone.
/// </summary>
/// <param name="indexPath">Keeps room to grow where it is on the disk of the folder.</param>
internal sealed class SnapshotSchedule(SnapshotProducer producer, string folder, string indexPath, TimeSpan interval, int kept, ILogger log, TimeProvider time)
{
    /// <summary>Between the height and the ending of the name.</summary>
    private const string Mark = "-scheduled.tar";

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromHours(1);

    /// <summary>Does what <c>[schedule]</c> says, from the first moment there is something to copy.</summary>
    public static async Task KeepAsync(
        ServerConfiguration configuration, ChainIndex index, SnapshotProducer producer, ILogger log, TimeProvider time, CancellationToken stop)
    {
        if (configuration.Get(ScheduleSection.Snapshot) is not { } interval) return;
        await index.Serving.WaitAsync(stop);
        int kept = (int)configuration.Get(ScheduleSection.SnapshotsKept);
        await new SnapshotSchedule(producer, DataFolder.Snapshots(configuration), DataFolder.Index(configuration), interval, kept, log, time).RunAsync(stop);
    }

    /// <summary>Runs until cancelled; nothing that goes wrong with a snapshot ends the server.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            TimeSpan pause = PauseAfterFailure;
            try
            {
                TimeSpan wait = FindWait();
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stop);
                await MakeAsync(stop);
                pause = TimeSpan.Zero;
            }
            catch (Exception failure) when (failure is IndexException or IOException or UnauthorizedAccessException)
            {
                log.LogWarning("no snapshot as [schedule] snapshot wants it: {Reason}", failure.Message);
            }

            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stop);
        }
    }

    /// <summary>Never more than the interval, whatever clock the newest file has its time from.</summary>
    private TimeSpan FindWait()
    {
        TimeSpan wait = FindFiles().Select(file => file.LastWriteTimeUtc + interval - time.GetUtcNow()).DefaultIfEmpty(TimeSpan.Zero).Max();
        return wait < interval ? wait : interval;
    }

    private async Task MakeAsync(CancellationToken stop)
    {
        using SnapshotProducer.Turn turn = await producer.BeginAsync();
        string name = Path.GetFileNameWithoutExtension(turn.Archive.FileName) + Mark;
        string path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            // No block has come since: it is the newest there can be.
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return;
        }

        using (PartFile part = PartFile.Create(path, turn.Archive.Length, indexPath))
        {
            await turn.WriteAsync(part.Stream, stop);
            part.Complete();
        }

        // Its age counts by the clock that the waiting goes by.
        File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        PointAt(name, turn.Archive.FileName[..turn.Archive.FileName.LastIndexOf('-')]);
        foreach (FileInfo old in FindFiles().OrderByDescending(file => file.LastWriteTimeUtc).ThenBy(file => file.Name == name ? 0 : 1).Skip(kept)) old.Delete();
    }

    /// <summary>A name that stays, for those who publish the folder; changed in one step.</summary>
    private void PointAt(string name, string coin)
    {
        string link = Path.Combine(folder, $"{coin}-latest.tar");
        string next = link + ".next";
        try
        {
            File.Delete(next);
            File.CreateSymbolicLink(next, name);
            File.Move(next, link, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Some file systems have no links, and the old snapshots have to go all the same.
            log.LogWarning("{Link} cannot be pointed at the newest snapshot, {Name}: {Reason}", link, name, failure.Message);
        }
    }

    private IEnumerable<FileInfo> FindFiles() => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles("*" + Mark) : [];
}
