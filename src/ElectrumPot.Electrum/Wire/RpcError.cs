// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Wire;

/// <summary>What goes out as <c>error</c>.</summary>
/// <param name="Message">For people; some texts are matched by wallets (protocol, "Error codes").</param>
/// <param name="Close">Whether the connection ends after this reply.</param>
public sealed record RpcError(int Code, string Message, bool Close = false)
{
    public const int ParseErrorCode = -32700;
    public const int InvalidRequestCode = -32600;
    public const int MethodNotFoundCode = -32601;
    public const int InvalidParamsCode = -32602;
    public const int InternalErrorCode = -32603;

    /// <summary>The request can never succeed as it is: out of range, no such thing, refused.</summary>
    public const int BadRequestCode = 1;

    public const int DaemonErrorCode = 2;

    public const int LimitExceededCode = 4;

    /// <summary>From protocol 1.7; before, <see cref="BadRequestCode"/> with exactly the same text.</summary>
    public const int HistoryTooLargeCode = 10001;

    /// <summary>What ElectrumX says before it closes; wallets know it.</summary>
    public const int ExcessiveUseCode = -101;

    public static RpcError Internal { get; } = new(InternalErrorCode, "internal error");

    public static RpcError NotUtf8 { get; } = new(ParseErrorCode, "the request is not valid UTF-8");

    public static RpcError NotJson { get; } = new(ParseErrorCode, "the request is not valid JSON");

    public static RpcError NotAnObject { get; } = new(InvalidRequestCode, "a request is a JSON object with a method");

    public static RpcError EmptyBatch { get; } = new(InvalidRequestCode, "a batch holds at least one request");

    public static RpcError NoMethod { get; } = new(InvalidRequestCode, "the request has no method, or it is not a string");

    public static RpcError NotNegotiated { get; } = new(BadRequestCode, "the first request must be server.version", Close: true);

    /// <summary>Electrum compares the text.</summary>
    public static RpcError HistoryTooLarge { get; } = new(BadRequestCode, "history too large");

    /// <summary>The same from protocol 1.7 on.</summary>
    public static RpcError HistoryTooLargeSince17 { get; } = new(HistoryTooLargeCode, HistoryTooLarge.Message);

    public static RpcError ExcessiveUse { get; } = new(ExcessiveUseCode, "excessive resource usage", Close: true);

    public static RpcError TooManySubscriptions { get; } = new(LimitExceededCode, "too many subscriptions for this session, its address or this server");

    /// <summary>Never sent: the request has to be handled again when it may read much.</summary>
    internal static RpcError LargeRead { get; } = new(InternalErrorCode, "the history is long");

    public static RpcError DaemonAway { get; } =
        new(DaemonErrorCode, "daemon error: the server cannot reach its node at the moment; try again later");

    public static RpcError InvalidParams(string message) => new(InvalidParamsCode, message);

    public static RpcError BadRequest(string message) => new(BadRequestCode, message);

    public static RpcError ReplyTooLarge(int limit) => new(InvalidRequestCode, $"response too large (over {limit} bytes)");

    public static RpcError RequestTooLarge(int limit) => new(InvalidRequestCode, $"request too large (over {limit} bytes)", Close: true);
}
