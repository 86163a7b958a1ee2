// SPDX-License-Identifier: MIT

using System.Net;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Snapshots;

/// <summary>A web server for one file, which can stand still in the middle of it.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _file;
    private readonly TaskCompletionSource _stop = new();
    private readonly Task _serving;
    private int _standing;

    public FileHost(string file)
    {
        _file = file;
        int port = FreePort.Next();
        Address = $"http://127.0.0.1:{port}/{Path.GetFileName(file)}";
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>From now on answers stop after half of the file and stay open.</summary>
    public bool StandsStill { get; set; }

    /// <summary>Answers that stand still now or did once.</summary>
    public int Standing => Volatile.Read(ref _standing);

    public async ValueTask DisposeAsync()
    {
        _stop.SetResult();
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true) answers.Add(AnswerAsync(await _listener.GetContextAsync()));
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            byte[] content = await File.ReadAllBytesAsync(_file);
            context.Response.ContentLength64 = content.Length;
            int length = StandsStill ? content.Length / 2 : content.Length;
            await context.Response.OutputStream.WriteAsync(content.AsMemory(0, length));
            await context.Response.OutputStream.FlushAsync();
            if (length < content.Length)
            {
                Interlocked.Increment(ref _standing);
                await _stop.Task;
                context.Response.Abort();
                return;
            }

            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The other side went away.
        }
    }
}
