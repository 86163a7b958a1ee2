// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>
/// HTTP as potcoind speaks it (<c>bitcoinrpc.cpp</c>): POST to <c>/</c> with a Content-Length (chunked bodies are a
/// parse error there), Basic authentication, HTTP/1.1 replies except for a 401, which comes as HTTP/1.0 and closes.
/// </summary>
internal sealed class RpcTransport : IDisposable
{
    private const int FirstReadSize = 64 * 1024;
    private const int MaxErrorTextBytes = 200;

    private readonly DaemonEndpoint _endpoint;
    private readonly DaemonOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _uri;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly HttpMessageInvoker _http;

    public RpcTransport(DaemonEndpoint endpoint, DaemonOptions options, TimeProvider time)
    {
        _endpoint = endpoint;
        _options = options;
        _time = time;
        _uri = new UriBuilder(Uri.UriSchemeHttp, endpoint.Host, endpoint.Port).Uri;
        _authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{endpoint.User}:{endpoint.Password}")));
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            PooledConnectionLifetime = options.ConnectionLifetime,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            // A reply that is not wanted any more is cheaper to cut off than to drain.
            MaxResponseDrainSize = 0,
        });
    }

    /// <summary>What the daemon calls itself in its HTTP replies: the one place where 0.8 tells its full version. Null if nothing.</summary>
    public string? ServerName { get; private set; }

    /// <summary>Sends a body once and parses what comes back.</summary>
    /// <exception cref="DaemonUnavailableException">No answer, or one that says to come later.</exception>
    /// <exception cref="ReplyTooLargeException">Longer than <see cref="DaemonOptions.MaxReplyBytes"/>.</exception>
    public async Task<RpcReply> SendAsync(RpcBatch batch, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _uri);
            request.Version = HttpVersion.Version11;
            request.Headers.Authorization = _authorization;
            request.Content = new ReadOnlyMemoryContent(batch.ToBody());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            long started = _time.GetTimestamp();
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            RpcReply reply = await ReadAsync(response, batch, either.Token);
            DaemonMetrics.Received(batch.Methods[0], _time.GetElapsedTime(started), reply.Length);
            return reply;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw error.InnerException is TimeoutException && !timeout.IsCancellationRequested
                ? Unreachable($"no connection within {_options.ConnectTimeout.TotalSeconds:0.###} s", processed: false, error)
                : new DaemonUnavailableException(
                    DaemonState.TimedOut,
                    $"the daemon at {_endpoint} did not answer {batch.Methods[0]} within {_options.RequestTimeout.TotalSeconds:0.###} s; "
                        + "it is overloaded, or idle connections hold all its threads (raise rpcthreads)",
                    error) { MayHaveBeenProcessed = true };
        }
        catch (HttpRequestException error)
        {
            throw Explain(error);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Most resets come wrapped, but not all: which layer notices one first is a matter of luck.
            throw Unreachable($"the connection was lost during the reply: {error.Message}", processed: true, error);
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new QuickAckStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<RpcReply> ReadAsync(HttpResponseMessage response, RpcBatch batch, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized:
                throw new DaemonUnauthorizedException(
                    $"the daemon at {_endpoint} refuses user '{_endpoint.User}' or the password; make them equal to its rpcuser and rpcpassword");
            case HttpStatusCode.Forbidden:
                throw new DaemonUnauthorizedException($"the daemon at {_endpoint} does not allow this host; add it to its rpcallowip");
            case HttpStatusCode.ServiceUnavailable:
                throw new DaemonUnavailableException(DaemonState.Busy, $"the daemon at {_endpoint} is stopping or has too much to do; if this stays, raise its rpcworkqueue");
        }

        // Errors come as 500, 404 or 400 with a JSON body like any other; nothing else does.
        string? type = response.Content.Headers.ContentType?.MediaType;
        (byte[] buffer, int length) = await ReceiveAsync(response.Content, cancellationToken);
        if (!response.IsSuccessStatusCode && !string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            string text = Encoding.ASCII.GetString(buffer, 0, Math.Min(length, MaxErrorTextBytes));
            ArrayPool<byte>.Shared.Return(buffer);
            throw new MalformedReplyException(
                $"{_endpoint} answers HTTP {(int)response.StatusCode}, not as a daemon does; is the port right? It said: {text.ReplaceLineEndings(" ")}");
        }

        if (response.Headers.TryGetValues("Server", out IEnumerable<string>? names))
            ServerName = string.Join(' ', names);
        return RpcReply.Parse(buffer, length, batch.Methods);
    }

    /// <summary>The body in a rented buffer, which becomes the caller's.</summary>
    private async Task<(byte[] Buffer, int Length)> ReceiveAsync(HttpContent content, CancellationToken cancellationToken)
    {
        int max = _options.MaxReplyBytes;
        long? announced = content.Headers.ContentLength;
        if (announced > max)
            throw new ReplyTooLargeException(max);
        Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)(announced ?? FirstReadSize));
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer, max);
                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                if (read == 0 || length == announced)
                    return (buffer, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] full, int max)
    {
        if (full.Length >= max)
            throw new ReplyTooLargeException(max);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(full.Length * 2L, max));
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private DaemonUnavailableException Explain(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Unreachable($"the name cannot be resolved ({error.InnerException?.Message})", processed: false, error),
        HttpRequestError.ConnectionError when error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            Unreachable("connection refused: it is not running, or still loads its index, before which it opens no port", processed: false, error),
        HttpRequestError.ConnectionError => Unreachable(error.InnerException?.Message ?? error.Message, processed: false, error),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
            new MalformedReplyException($"{_endpoint} does not answer in HTTP; is the port right? ({error.Message})", error) { MayHaveBeenProcessed = true },
        _ => Unreachable($"the connection was lost before the reply: {error.InnerException?.Message ?? error.Message}", processed: true, error),
    };

    private DaemonUnavailableException Unreachable(string why, bool processed, Exception error) =>
        new(DaemonState.Unreachable, $"the daemon at {_endpoint} cannot be reached: {why}", error) { MayHaveBeenProcessed = processed };
}
