// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Threading.Channels;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Transports;

/// <summary>A client in Debian's Python that prints a JSON object a line.</summary>
internal sealed class ScriptedClient : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ChildProcess _process;

    /// <param name="script">Beside this file.</param>
    public ScriptedClient(string script, params string[] arguments) => _process = ChildProcess.Start(
        "/usr/bin/python3",
        [Path.Combine(AppContext.BaseDirectory, "Transports", script), .. arguments],
        Requirements.Advice,
        new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        line => _lines.Writer.TryWrite(line));

    /// <summary>Writes a line to its standard input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The next object it prints.</summary>
    public async Task<JsonElement> HearAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        try
        {
            return JsonElement.Parse(await _lines.Reader.ReadAsync(deadline.Token));
        }
        catch (OperationCanceledException late) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The client said nothing more. Its errors:\n{_process.Output}", late);
        }
    }

    /// <summary>The next object, which has to be this step.</summary>
    public async Task<JsonElement> HearStepAsync(string step)
    {
        JsonElement heard = await HearAsync();
        heard.GetProperty("step").GetString().ShouldBe(step);
        return heard;
    }

    /// <summary>Lets it end by itself.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        (await _process.WaitForExitAsync()).ShouldBe(0, _process.Output);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
