// SPDX-License-Identifier: MIT

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Server.Admin;

/// <summary>
/// HTTP on 127.0.0.1 for the commands of the executable: <c>GET /status</c>, <c>GET /pid</c>, <c>POST /stop</c>, <c>GET</c> and
/// <c>POST /snapshot</c>. A web page in a browser of this machine can reach the port as well, so it answers only to its own names (DNS rebinding) and to
/// requests that no foreign page caused.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const int MaxConnections = 32;
    private const int MaxRequestBytes = 4096;
    private const string Usage = "use GET /status, GET /pid, POST /stop, GET /snapshot or POST /snapshot";

    private readonly WebApplication _application;
    private readonly IServerControl _control;
    private readonly SnapshotEndpoint? _snapshots;
    private readonly byte[]? _passwordHash;

    private AdminServer(int port, string password, IServerControl control, SnapshotEndpoint? snapshots, ILoggerFactory loggers)
    {
        _control = control;
        _snapshots = snapshots;
        _passwordHash = password.Length == 0 ? null : SHA256.HashData(Encoding.UTF8.GetBytes(password));

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        // The process ends in one order, decided in one place; this host must not listen to signals by itself.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The port it listens on, chosen by the system where 0 was asked for.</summary>
    public int Port { get; private set; }

    /// <param name="snapshots">Null where none are made.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<AdminServer> StartAsync(
        int port, string password, IServerControl control, ILoggerFactory loggers, CancellationToken cancellationToken, SnapshotEndpoint? snapshots = null)
    {
        var server = new AdminServer(port, password, control, snapshots, loggers);
        try
        {
            await server._application.StartAsync(cancellationToken);
        }
        catch
        {
            await server._application.DisposeAsync();
            throw;
        }

        server.Port = new Uri(server._application.Urls.First()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _snapshots?.Stop();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!IsOwnName(request.Host)) return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "the admin port answers to 127.0.0.1 and localhost only");
        if (IsFromForeignPage(request)) return RefuseAsync(context, StatusCodes.Status403Forbidden, "requests of web pages are not accepted");

        return (request.Method, request.Path.Value) switch
        {
            ("GET", "/status") => WriteAsync(context, _control.GetStatus(), AdminJson.Default.StatusReport),
            ("GET", "/pid") => WriteAsync(context, new AdminPid(Environment.ProcessId), AdminJson.Default.AdminPid),
            ("POST", "/stop") => WithPasswordAsync(context, StopAsync),
            ("GET", "/snapshot") when _snapshots is not null => WriteAsync(context, _snapshots.Report, AdminJson.Default.SnapshotReport),
            ("POST", "/snapshot") when _snapshots is not null => WithPasswordAsync(context, _snapshots.SendAsync),
            (_, "/status" or "/pid" or "/stop" or "/snapshot") => RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, Usage),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, Usage),
        };
    }

    private Task WithPasswordAsync(HttpContext context, Func<HttpContext, Task> answer) => IsAuthorized(context.Request)
        ? answer(context)
        : RefuseAsync(context, StatusCodes.Status401Unauthorized, "wrong or missing password; it is the one of [server] password in the server's configuration");

    private async Task StopAsync(HttpContext context)
    {
        await WriteAsync(context, new AdminPid(Environment.ProcessId), AdminJson.Default.AdminPid);
        _control.RequestStop("asked for on the admin port");
    }

    private bool IsAuthorized(HttpRequest request)
    {
        if (_passwordHash is null) return true;
        string header = request.Headers.Authorization.ToString();
        const string scheme = "Bearer ";
        if (!header.StartsWith(scheme, StringComparison.Ordinal)) return false;
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[scheme.Length..])), _passwordHash);
    }

    private static bool IsOwnName(HostString host) => host.Host is "127.0.0.1" or "localhost" or "[::1]";

    /// <summary>Browsers send at least one of these with every request that a page of another origin causes.</summary>
    private static bool IsFromForeignPage(HttpRequest request) =>
        request.Headers.ContainsKey("Origin")
        || (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is not ("none" or "same-origin"));

    internal static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new AdminError(reason), AdminJson.Default.AdminError);
    }

    private static async Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsJsonAsync(answer, type, contentType: null, context.RequestAborted);
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
