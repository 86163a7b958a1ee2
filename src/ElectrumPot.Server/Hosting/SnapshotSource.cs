// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Http.Headers;
using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Server.Hosting;

/// <summary>An archive to read: a file, or the answer of a web server.</summary>
internal sealed class SnapshotSource : IAsyncDisposable
{
    private const int MaxRedirections = 5;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);

    private readonly IAsyncDisposable? _owner;

    private SnapshotSource(string name, Stream stream, IAsyncDisposable? owner)
    {
        Name = name;
        Stream = stream;
        _owner = owner;
    }

    /// <summary>For messages; without a password that stands in an address.</summary>
    public string Name { get; }

    public Stream Stream { get; }

    /// <exception cref="CommandFailure">There is no such file, or the server does not give it.</exception>
    public static Task<SnapshotSource> OpenAsync(string fileOrAddress, CancellationToken cancellationToken)
    {
        if (!fileOrAddress.Contains("://", StringComparison.Ordinal)) return Task.FromResult(OpenFile(fileOrAddress));
        if (!Uri.TryCreate(fileOrAddress, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new CommandFailure(ExitCode.Configuration, $"{fileOrAddress} is neither a file nor an address that begins with http:// or https://");
        return OpenAddressAsync(address, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (_owner is not null) await _owner.DisposeAsync();
    }

    private static SnapshotSource OpenFile(string path)
    {
        try
        {
            return new SnapshotSource(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan), owner: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Configuration, $"{path} cannot be read: {failure.Message}", failure);
        }
    }

    private static async Task<SnapshotSource> OpenAddressAsync(Uri address, CancellationToken cancellationToken)
    {
        string name = address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectPatience,
            MaxAutomaticRedirections = MaxRedirections,
            AutomaticDecompression = DecompressionMethods.None,
        })
        {
            Timeout = AnswerPatience,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("electrum-pot-server", ServerVersion.Text));
        var answer = new Answer(http);
        try
        {
            HttpResponseMessage response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.Response = response;
            if (!response.IsSuccessStatusCode)
                throw new CommandFailure(ExitCode.CannotStart, $"{name} cannot be fetched: the server answers {(int)response.StatusCode} {response.StatusCode}");
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new SnapshotSource(name, new DownloadStream(body, name), answer);
        }
        catch (Exception failure) when (failure is not CommandFailure)
        {
            await answer.DisposeAsync();
            throw failure switch
            {
                HttpRequestException => new CommandFailure(ExitCode.CannotStart, $"{name} cannot be fetched: {failure.Message}", failure),
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    new CommandFailure(ExitCode.CannotStart, $"{name} cannot be fetched: no answer within {AnswerPatience.TotalSeconds:0} s", failure),
                _ => failure,
            };
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    private sealed class Answer(HttpClient http) : IAsyncDisposable
    {
        public HttpResponseMessage? Response { get; set; }

        public ValueTask DisposeAsync()
        {
            Response?.Dispose();
            http.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
