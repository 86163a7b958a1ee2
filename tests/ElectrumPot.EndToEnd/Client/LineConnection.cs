// SPDX-License-Identifier: MIT

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ElectrumPot.EndToEnd.Client;

/// <summary>A bare line connection over TCP or TLS, for clients that behave and for those that do not.</summary>
internal sealed class LineConnection : IAsyncDisposable
{
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly StreamReader _reader;

    private LineConnection(Socket socket, Stream stream, X509Certificate2? certificate)
    {
        _socket = socket;
        _stream = stream;
        _reader = new StreamReader(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        Certificate = certificate;
    }

    /// <summary>What the server presented on TLS; null on plain TCP.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>This end's port.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static async Task<LineConnection> OpenAsync(int port, bool tls = false)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (!tls) return new LineConnection(socket, stream, null);

            X509Certificate2? certificate = null;
            var secure = new SslStream(stream);
            // Trust on first use, as wallets do: any certificate passes, the tests compare it afterwards.
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = (_, presented, _, _) =>
                    {
                        certificate = presented is null ? null : new X509Certificate2(presented);
                        return certificate is not null;
                    },
                },
                cancellation);
            return new LineConnection(socket, secure, certificate);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendLineAsync(string line) => await SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await _stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The next line without its line feed, or null when the server closed the connection.</summary>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async Task<string?> ReadLineAsync(TimeSpan? within = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(within ?? ReadDeadline);
        try
        {
            return await ReadLineUntilAsync(timeout.Token);
        }
        catch (OperationCanceledException late) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No line from the server within {(within ?? ReadDeadline).TotalSeconds:0.#} s.", late);
        }
    }

    /// <summary>The next line, however long it takes; null when the server closed the connection.</summary>
    public async Task<string?> ReadLineUntilAsync(CancellationToken stop)
    {
        try
        {
            return await _reader.ReadLineAsync(stop);
        }
        catch (IOException reset) when (reset.InnerException is SocketException)
        {
            return null;
        }
    }

    /// <summary>Half-close: nothing more will be sent, answers are still read.</summary>
    public void CloseSendingSide() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Drops the connection with a reset instead of a farewell.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _stream.DisposeAsync();
        Certificate?.Dispose();
    }
}
