// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;
using ElectrumPot.Server.Admin;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Tests.Index.Snapshots;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Snapshots;

/// <summary>The admin port of a server that serves.</summary>
public sealed class OnlineSnapshotTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_running_server_is_copied_under_the_usual_name_beside_its_index()
    {
        await using SnapshotServer server = await SnapshotServer.StartNodeAsync();
        await server.WhileServingAsync(async client =>
        {
            (int code, string output, string error) = await server.CommandAsync("snapshot", "create");

            code.ShouldBe(0, error);
            string file = Path.Combine(server.DataFolder, "snapshots", "potcoin-60.tar");
            output.ShouldStartWith($"made {file}, ");
            (await SnapshotServer.ReadManifestAsync(file)).Height.ShouldBe(60);
            server.FindLeftovers().ShouldBeEmpty();
            (await client.GetSnapshotAsync(Cancellation)).ShouldBe(SnapshotReport.Idle);

            (code, _, error) = await server.CommandAsync("snapshot", "create");
            code.ShouldBe((int)ExitCode.CannotStart);
            error.ShouldContain("exists already");
            await Poll.UntilAsync(async () => (await client.GetSnapshotAsync(Cancellation)).State == "idle");
        });
    }

    [Fact]
    public async Task A_start_removes_what_a_killed_one_left()
    {
        await using SnapshotServer server = await SnapshotServer.ImportedAsync();
        string part = Path.Combine(server.DataFolder, "snapshots", "potcoin-60.tar.part");
        foreach (string file in new[] { part, Path.Combine(server.Index + ".snapshot", "checkpoint", "000001.sst"), Path.Combine(server.Index + ".restoring", "000001.sst") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "half", Cancellation);
        }

        await server.WhileServingAsync(_ =>
        {
            File.Exists(part).ShouldBeFalse();
            server.FindLeftovers().ShouldBeEmpty();
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task It_needs_the_password_and_is_no_business_of_web_pages()
    {
        using var fixture = new SnapshotFixture();
        await using var port = await OpenPort.StartAsync(fixture);

        (await port.PostAsync(password: "wrong")).ShouldBe(HttpStatusCode.Unauthorized);
        (await port.PostAsync(password: null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await port.PostAsync(SnapshotServer.Password, request => request.Headers.Add("Origin", "http://evil.example.com"))).ShouldBe(HttpStatusCode.Forbidden);
        (await port.PostAsync(SnapshotServer.Password, request => request.Headers.Host = "evil.example.com")).ShouldBe(HttpStatusCode.MisdirectedRequest);
        (await port.PostAsync(SnapshotServer.Password)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_one_is_made_at_a_time_and_the_next_one_after_it()
    {
        using var fixture = new SnapshotFixture();
        await using var port = await OpenPort.StartAsync(fixture);
        using (await port.Producer.BeginAsync())
        {
            using var client = AdminClient.ForSnapshot(port.Port, SnapshotServer.Password);
            CommandFailure refused = await Should.ThrowAsync<CommandFailure>(() => client.OpenSnapshotAsync(Cancellation));
            refused.Code.ShouldBe(ExitCode.Refused);
            refused.Message.ShouldContain("is being made already");
            (await client.GetSnapshotAsync(Cancellation)).State.ShouldBe("preparing");
        }

        (await port.PostAsync(SnapshotServer.Password)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_reader_that_goes_away_lets_go_of_the_files()
    {
        using var fixture = new SnapshotFixture();
        await using var port = await OpenPort.StartAsync(fixture);
        using (var client = AdminClient.ForSnapshot(port.Port, SnapshotServer.Password))
        {
            using HttpResponseMessage response = await client.OpenSnapshotAsync(Cancellation);
            response.Content.Headers.ContentDisposition!.FileName.ShouldBe("potcoin-24.tar");
        }

        await Poll.UntilAsync(() => port.Producer.Report.State == "idle");
        await Poll.UntilAsync(() => !Directory.Exists(fixture.Source.Options.Path + ".snapshot"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_the_answer_early_and_the_reason_is_told()
    {
        using var fixture = new SnapshotFixture();
        await using var port = await OpenPort.StartAsync(fixture);
        using var client = new AdminClient(port.Port, SnapshotServer.Password);
        using SnapshotProducer.Turn turn = await port.Producer.BeginAsync();
        string checkpoint = Path.Combine(fixture.Source.Options.Path + ".snapshot", "checkpoint");
        foreach (string file in Directory.EnumerateFiles(checkpoint, "*.sst")) File.Delete(file);

        await Should.ThrowAsync<IOException>(() => turn.WriteAsync(Stream.Null, Cancellation));
        turn.Dispose();

        (await client.GetSnapshotAsync(Cancellation)).Failure.ShouldNotBeNull().ShouldContain(".sst");
        port.Producer.Report.State.ShouldBe("idle");
    }

    [Fact]
    public async Task A_server_that_stops_breaks_off_what_is_being_written()
    {
        using var fixture = new SnapshotFixture();
        await using var port = await OpenPort.StartAsync(fixture);
        SnapshotProducer.Turn turn = await port.Producer.BeginAsync();
        var blocked = new BlockedStream();
        Task writing = turn.WriteAsync(blocked, Cancellation);
        await blocked.Reached.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        port.Producer.Stop();
        blocked.Release();

        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        turn.Dispose();
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_a_reader_that_stands_still()
    {
        using var fixture = new SnapshotFixture();
        using var producer = new SnapshotProducer(fixture.Source.Index, "1.2.3", NullLogger.Instance, TimeProvider.System);
        var reader = new StandingReader();
        Task sending = new SnapshotEndpoint(producer).SendAsync(reader.Context);
        await reader.Body.Reached.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        producer.Stop();

        await sending.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        producer.Report.State.ShouldBe("idle");
    }

    /// <summary>A connection that takes nothing until it is cut.</summary>
    private sealed class StandingReader : IHttpRequestLifetimeFeature
    {
        public StandingReader()
        {
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
            Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Body));
        }

        public DefaultHttpContext Context { get; } = new();

        public BlockedStream Body { get; } = new();

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Body.Release();
    }

    /// <summary>An admin port in front of an index.</summary>
    private sealed class OpenPort(SnapshotProducer producer, AdminServer server) : IAsyncDisposable
    {
        public SnapshotProducer Producer { get; } = producer;

        public int Port => server.Port;

        public static async Task<OpenPort> StartAsync(SnapshotFixture fixture)
        {
            var producer = new SnapshotProducer(fixture.Source.Index, "1.2.3", NullLogger.Instance, TimeProvider.System);
            AdminServer server = await AdminServer.StartAsync(
                0, SnapshotServer.Password, new NoControl(), NullLoggerFactory.Instance, Cancellation, new SnapshotEndpoint(producer));
            return new OpenPort(producer, server);
        }

        public async Task<HttpStatusCode> PostAsync(string? password, Action<HttpRequestMessage>? change = null)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{Port}/snapshot");
            if (password is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", password);
            change?.Invoke(request);
            using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
            byte[] body = await response.Content.ReadAsByteArrayAsync(Cancellation);
            if (response.IsSuccessStatusCode) (await SnapshotFixture.VerifyAsync(body)).Height.ShouldBe(24);
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            Producer.Dispose();
        }
    }

    private sealed class NoControl : IServerControl
    {
        public StatusReport GetStatus() => throw new NotSupportedException();

        public void RequestStop(string reason) => throw new NotSupportedException();
    }

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class BlockedStream : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new();
        private readonly ManualResetEventSlim _released = new();

        public Task Reached => _reached.Task;

        public void Release() => _released.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _reached.TrySetResult();
            _released.Wait();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
