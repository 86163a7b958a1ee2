// SPDX-License-Identifier: MIT

using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using ElectrumPot.Electrum.Transport.WebSockets;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class WebSocketSenderTests
{
    private const int PieceBytes = 64 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_is_not_yet_whole_waits_for_the_wallet_and_not_in_memory()
    {
        using var wallet = new ScriptedSocket();
        var sender = new WebSocketSender(wallet);
        Task sending = sender.RunAsync();
        byte[] piece = new byte[PieceBytes];

        // The wallet takes nothing: the flush of the first piece waits, although its message has no end yet.
        Task<FlushResult> flushing = sender.Output.WriteAsync(piece, Cancellation).AsTask();
        await Poll.UntilAsync(() => wallet.IsSending);
        flushing.IsCompleted.ShouldBeFalse();

        // It takes piece after piece: each flush ends before the message does.
        wallet.TakeAll();
        await flushing.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        for (int i = 0; i < 10; i++) await sender.Output.WriteAsync(piece, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        wallet.Messages.ShouldBeEmpty();
        await sender.Output.WriteAsync("\n"u8.ToArray(), Cancellation);
        await sender.Output.CompleteAsync();
        await sending.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        wallet.Messages.Single().Length.ShouldBe(11 * PieceBytes);
    }

    [Fact]
    public async Task Messages_arrive_as_they_were_however_the_output_is_cut()
    {
        using var wallet = new ScriptedSocket();
        wallet.TakeAll();
        var sender = new WebSocketSender(wallet);
        Task sending = sender.RunAsync();
        string[] messages = [.. Enumerable.Range(0, 200).Select(i => new string((char)('a' + (i % 26)), i * i))];
        byte[] output = Encoding.ASCII.GetBytes(string.Concat(messages.Select(message => message + "\n")));

        var random = new Random(1);
        for (int at = 0; at < output.Length;)
        {
            int length = Math.Min(random.Next(1, 50_000), output.Length - at);
            await sender.Output.WriteAsync(output.AsMemory(at, length), Cancellation);
            at += length;
        }

        await sender.Output.CompleteAsync();
        await sending.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        wallet.Messages.ShouldBe(messages);
    }

    /// <summary>A wallet that takes nothing until it is told to.</summary>
    private sealed class ScriptedSocket : WebSocket
    {
        private readonly TaskCompletionSource _takes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _message = new();

        public List<string> Messages { get; } = [];

        public bool IsSending { get; private set; }

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public void TakeAll() => _takes.SetResult();

        public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            IsSending = true;
            await _takes.Task;
            _message.Append(Encoding.ASCII.GetString(buffer));
            if (!endOfMessage) return;
            Messages.Add(_message.ToString());
            _message.Clear();
        }

        public override void Abort()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
