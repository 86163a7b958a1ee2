// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Admin;

public sealed class AdminServerTests : IAsyncLifetime
{
    private const string Password = "correct horse";

    private readonly FakeControl _control = new();
    private AdminServer? _server;

    private int Port => _server!.Port;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await AdminServer.StartAsync(0, Password, _control, NullLoggerFactory.Instance, Cancellation);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    [Fact]
    public async Task Status_and_process_id_are_told_without_a_password()
    {
        using var client = new AdminClient(Port, password: "");

        StatusReport report = await client.GetStatusAsync(Cancellation);

        report.Height.ShouldBe(1234);
        report.Warnings.ShouldBe(["all is too well"]);
        (await client.GetPidAsync(Cancellation)).ShouldBe(Environment.ProcessId);
    }

    [Fact]
    public async Task Json_names_are_snake_case()
    {
        using var http = new HttpClient();
        using JsonDocument status = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{Port}/status", Cancellation));

        status.RootElement.GetProperty("uptime_seconds").GetInt64().ShouldBe(11_520);
        status.RootElement.GetProperty("daemon").GetProperty("height").GetInt32().ShouldBe(1235);
        status.RootElement.GetProperty("serving").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Text_for_people_tells_the_same() =>
        StatusText.Write(FakeControl.Report).ShouldBe(
            """
            server       Electrum-POT server 9.9.9, process 77, up 3 h 12 min
            coin         Potcoin
            state        caught up, block 1,234
            daemon       localhost:42000, block 1,235, ok
            wallets      3 connected, 40 subscriptions
            mempool      5 transactions, 1,500 bytes
            memory       100 MB
            data         /var/lib/electrum-pot
            ports        tcp 127.0.0.1:50001, admin 127.0.0.1:8000
            warning      all is too well
            """);

    [Fact]
    public async Task Stop_needs_the_password()
    {
        using var wrong = new AdminClient(Port, "wrong");
        using var none = new AdminClient(Port, "");
        using var right = new AdminClient(Port, Password);

        (await Should.ThrowAsync<CommandFailure>(() => wrong.StopAsync(Cancellation))).Code.ShouldBe(ExitCode.Refused);
        (await Should.ThrowAsync<CommandFailure>(() => none.StopAsync(Cancellation))).Message.ShouldContain("wrong or missing password");
        _control.Stopped.ShouldBeNull();

        (await right.StopAsync(Cancellation)).ShouldBe(Environment.ProcessId);
        _control.Stopped.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("127.0.0.1.evil.example.com:8000")]
    [InlineData("192.0.2.7")]
    public async Task Other_names_are_refused_so_that_no_page_can_rebind_its_own(string host)
    {
        (HttpStatusCode status, string body) = await SendAsync(HttpMethod.Get, "status", request => request.Headers.Host = host);

        status.ShouldBe(HttpStatusCode.MisdirectedRequest);
        body.ShouldNotContain("height");
    }

    [Theory]
    [InlineData("Origin", "http://evil.example.com")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Requests_that_a_foreign_page_causes_are_refused(string header, string value)
    {
        (HttpStatusCode status, _) = await SendAsync(
            HttpMethod.Post,
            "stop",
            request =>
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Password);
                request.Headers.TryAddWithoutValidation(header, value);
            });

        status.ShouldBe(HttpStatusCode.Forbidden);
        _control.Stopped.ShouldBeNull();
    }

    [Theory]
    [InlineData("GET", "stop", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "status", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_says_what_is(string method, string path, HttpStatusCode expected)
    {
        (HttpStatusCode status, string body) = await SendAsync(new HttpMethod(method), path, _ => { });

        status.ShouldBe(expected);
        body.ShouldContain("use GET /status, GET /pid, POST /stop");
    }

    [Fact]
    public async Task A_port_that_something_else_listens_on_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerWithGarbageAsync(listener);
        using var client = new AdminClient(((IPEndPoint)listener.LocalEndpoint).Port, "");

        var failure = await Should.ThrowAsync<CommandFailure>(() => client.GetStatusAsync(Cancellation));

        failure.Message.ShouldContain("is no Electrum-POT server; check [admin] port");
        await answering;
    }

    private static async Task AnswerWithGarbageAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096], Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH\r\n\r\n"), Cancellation);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage> prepare)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{Port}/{path}");
        prepare(request);
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class FakeControl : IServerControl
    {
        public static StatusReport Report { get; } = new()
        {
            Version = "9.9.9",
            Pid = 77,
            Coin = "Potcoin",
            State = "caught_up",
            Serving = true,
            Height = 1234,
            Daemon = new DaemonReport("localhost:42000", 1235, Ok: true, "ok"),
            Sessions = 3,
            Subscriptions = 40,
            Mempool = new MempoolReport(5, 1500),
            UptimeSeconds = 11_520,
            MemoryBytes = 100 << 20,
            DataFolder = "/var/lib/electrum-pot",
            Ports = ["tcp 127.0.0.1:50001", "admin 127.0.0.1:8000"],
            Warnings = ["all is too well"],
        };

        public string? Stopped { get; private set; }

        public StatusReport GetStatus() => Report;

        public void RequestStop(string reason) => Stopped = reason;
    }
}
