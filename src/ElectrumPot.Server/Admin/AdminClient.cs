// SPDX-License-Identifier: MIT

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Server.Admin;

/// <summary>Talks to the admin port of a running server.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Until a snapshot begins: rows in memory have to be written to the disk first.</summary>
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromMinutes(5);

    /// <summary>Whatever has the port may be something else, which never answers.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private readonly int _port;
    private readonly HttpClient _http;

    public AdminClient(int port, string password)
    {
        _port = port;
        // A proxy of the environment must never see the password.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}/"),
            Timeout = Patience,
            MaxResponseContentBufferSize = 1 << 20,
        };
        if (password.Length > 0) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", password);
    }

    /// <summary>For finding out whether it is one of our servers that has the port.</summary>
    public static AdminClient ForProbe(int port)
    {
        var client = new AdminClient(port, password: "");
        client._http.Timeout = ProbePatience;
        return client;
    }

    /// <summary>For <see cref="OpenSnapshotAsync"/>.</summary>
    public static AdminClient ForSnapshot(int port, string password)
    {
        var client = new AdminClient(port, password);
        client._http.Timeout = SnapshotPatience;
        return client;
    }

    /// <exception cref="CommandFailure">No server runs, or it refused.</exception>
    public Task<StatusReport> GetStatusAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "status", AdminJson.Default.StatusReport, cancellationToken);

    /// <exception cref="CommandFailure">No server runs, or it refused.</exception>
    public async Task<int> GetPidAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Get, "pid", AdminJson.Default.AdminPid, cancellationToken)).Pid;

    /// <summary>The process id of the server that now stops.</summary>
    /// <exception cref="CommandFailure">No server runs, or it refused.</exception>
    public async Task<int> StopAsync(CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Post, "stop", AdminJson.Default.AdminPid, cancellationToken)).Pid;

    /// <exception cref="CommandFailure">No server runs.</exception>
    public Task<SnapshotReport> GetSnapshotAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "snapshot", AdminJson.Default.SnapshotReport, cancellationToken);

    /// <summary>The headers of an answer that is a snapshot; its body is read by the caller, without a limit of time.</summary>
    /// <exception cref="CommandFailure">No server runs, or it refused.</exception>
    public Task<HttpResponseMessage> OpenSnapshotAsync(CancellationToken cancellationToken) =>
        ExplainAsync(() => OpenAsync(HttpMethod.Post, "snapshot", HttpCompletionOption.ResponseHeadersRead, cancellationToken), cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<T> SendAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) => ExplainAsync(
        async () =>
        {
            using HttpResponseMessage response = await OpenAsync(method, path, HttpCompletionOption.ResponseContentRead, cancellationToken);
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw Foreign(null);
        },
        cancellationToken);

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        HttpResponseMessage response = await _http.SendAsync(request, completion, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            AdminError? error = await response.Content.ReadFromJsonAsync(AdminJson.Default.AdminError, cancellationToken);
            throw new CommandFailure(ExitCode.Refused, $"the server refused: {error?.Error ?? response.StatusCode.ToString()}");
        }
    }

    private async Task<T> ExplainAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new CommandFailure(
                ExitCode.NotRunning,
                $"no server runs: nothing listens on admin port {_port} of this machine (if it runs with another configuration, name that with --config)",
                failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.NotRunning, $"the server on admin port {_port} did not answer within {_http.Timeout.TotalSeconds:0} s", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or NotSupportedException)
        {
            throw Foreign(failure);
        }
    }

    private CommandFailure Foreign(Exception? cause) =>
        new(ExitCode.NotRunning, $"what listens on port {_port} is no Electrum-POT server; check [admin] port", cause);
}
