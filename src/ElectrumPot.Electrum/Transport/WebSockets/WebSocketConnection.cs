// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Transport.Framing;

namespace ElectrumPot.Electrum.Transport.WebSockets;

/// <summary>One wallet behind a WebSocket: a request or a batch a message, without LF (protocol, "WebSocket").</summary>
/// <remarks>
/// The library answers pings, sends its own, and closes with 1002 or 1007 on what breaks the rules of WebSocket or is
/// text but not UTF-8.
/// </remarks>
internal sealed class WebSocketConnection : IDisposable
{
    /// <summary>An LF behind the message, after a CR perhaps, does not count.</summary>
    private const int LineEndBytes = 2;

    /// <summary>For how long a wallet that is sent away may take what is left and answer the close frame.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly Action _cut;
    private readonly WebSocketSender _sender;
    private readonly MessageBuffer _message;
    private readonly CancellationToken _shutdown;
    private readonly CancellationTokenSource _end;
    private Task<ValueWebSocketReceiveResult>? _receiving;
    private (WebSocketCloseStatus Status, string Reason) _farewell = (WebSocketCloseStatus.NormalClosure, "");

    /// <param name="socket">Just accepted; disposed by the caller.</param>
    /// <param name="cut">Ends the connection beneath it, which the socket's own abort does not do.</param>
    public WebSocketConnection(WebSocket socket, Action cut, SessionLimits limits, CancellationToken shutdown)
    {
        _socket = socket;
        _cut = cut;
        _sender = new WebSocketSender(socket);
        _message = new MessageBuffer(limits.MaxRequestBytes + LineEndBytes);
        _shutdown = shutdown;
        _end = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
    }

    /// <summary>Serves the wallet to its end and says goodbye.</summary>
    /// <param name="admission">The place of its connection; null when that is a proxy's.</param>
    public async Task RunAsync(SessionManager sessions, ElectrumTransport transport, EndPoint? remote, AdmissionTicket? admission)
    {
        Task sending = SendAsync();
        await sessions.RunAsync(new ClientConnection(transport, remote, Abort) { Admission = admission }, _sender.Output, ReceiveAsync, _shutdown);
        await _sender.Output.CompleteAsync();
        try
        {
            using var grace = new CancellationTokenSource(CloseGrace);
            await sending.WaitAsync(grace.Token);
            await CloseAsync(grace.Token);
        }
        catch (Exception failure) when (IsConnectionFailure(failure))
        {
            // Gone, or too slow: then it goes without a goodbye.
        }

        if (_socket.State != WebSocketState.Closed) _cut();
        await sending;
        if (_receiving is { } receiving) await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _message.Release();
    }

    public void Dispose() => _end.Dispose();

    private static bool IsConnectionFailure(Exception failure) =>
        failure is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    private void Abort(string reason)
    {
        _farewell = (WebSocketCloseStatus.PolicyViolation, reason);
        _sender.Output.CancelPendingFlush();
        try
        {
            _ = _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await _sender.RunAsync();
        }
        catch (Exception failure) when (IsConnectionFailure(failure))
        {
            await _end.CancelAsync();
        }
    }

    private async Task ReceiveAsync(RequestHandler handler)
    {
        try
        {
            while (!handler.IsClosing && await ReceiveMessageAsync(handler))
            {
                await handler.HandleAsync(new ReadOnlySequence<byte>(_message.Written));
                _message.Release();
            }
        }
        catch (WebSocketException)
        {
            handler.Close("connection-lost");
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            _farewell = (WebSocketCloseStatus.EndpointUnavailable, "server-stops");
            throw;
        }

        if (handler.IsClosing && _farewell.Status == WebSocketCloseStatus.NormalClosure)
            _farewell = (WebSocketCloseStatus.PolicyViolation, handler.Reason);
    }

    /// <returns>False when there is none any more.</returns>
    private async ValueTask<bool> ReceiveMessageAsync(RequestHandler handler)
    {
        // Nothing is rented while nothing comes.
        Memory<byte> room = Memory<byte>.Empty;
        while (true)
        {
            ValueWebSocketReceiveResult part = await ReceivePartAsync(room, handler);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            _message.Advance(part.Count);
            if (_message.IsTooLong)
            {
                _farewell = (WebSocketCloseStatus.MessageTooBig, "request-too-large");
                handler.RefuseTooLong(_message.Written.Length);
                return false;
            }

            if (part.EndOfMessage) return true;
            handler.MarkIncomplete();
            room = _message.GetMemory();
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> ReceivePartAsync(Memory<byte> room, RequestHandler handler)
    {
        // To cancel a receive of this library is to abort the connection; so the waiting is cancelled and not the receive.
        ValueTask<ValueWebSocketReceiveResult> receiving = _socket.ReceiveAsync(room, CancellationToken.None);
        if (receiving.IsCompleted) return await receiving;
        _receiving = receiving.AsTask();
        await handler.FlushAsync();
        ValueWebSocketReceiveResult part = await _receiving.WaitAsync(_end.Token);
        _receiving = null;
        return part;
    }

    /// <summary>Sends the close frame and waits for the wallet's, so that it reads everything before the connection ends.</summary>
    private async Task CloseAsync(CancellationToken grace)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(_farewell.Status, _farewell.Reason, grace);
        while (_socket.State == WebSocketState.CloseSent)
        {
            // What it still sends is read and dropped.
            if (_receiving is null)
            {
                _message.Release();
                _receiving = _socket.ReceiveAsync(_message.GetMemory(), CancellationToken.None).AsTask();
            }

            await _receiving.WaitAsync(grace);
            _receiving = null;
        }
    }
}
