// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon;
using ElectrumPot.Electrum.Methods;
using ElectrumPot.Electrum.Wire;
using Microsoft.Extensions.Logging;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Takes one request to its handler and writes the reply. The same for every transport.</summary>
internal sealed partial class Dispatcher(MethodTable methods, ILogger log)
{
    /// <summary>Bytes that short replies fit into: those of subscriptions, of broadcasts, of versions.</summary>
    private const int MinRoom = 512;

    /// <param name="json">One request; any bytes at all.</param>
    /// <param name="reply">Receives the whole reply, without LF; nothing for a notification.</param>
    /// <returns>What remains to be done.</returns>
    public DispatchResult Dispatch(Session session, ReadOnlySpan<byte> json, ReplyWriter reply)
    {
        // One that is handled again because it reads much was counted before.
        if (!session.MayReadAll) session.Requests++;
        session.Meter.AddRequests(MethodCosts.Default);
        Span<byte> scratch = stackalloc byte[RpcRequest.MaxMethodLength];
        RpcError? error = RpcRequest.Read(json, scratch, out RpcRequest request);
        bool isBareText = ErrorReply.IsBareText(session, request);
        if (error is not null)
        {
            if (isBareText && request.Id.IsEmpty) ErrorReply.WriteMalformed(reply, json, error);
            else ErrorReply.Write(reply, request.Id, error, isBareText);
            return new DispatchResult(Close: error.Close);
        }

        int mark = reply.Length;
        int effects = session.Effects.Count;
        reply.BeginResult(request.Id);
        DeferredWork? deferred = null;
        error = HasRoom(session, reply) ? Invoke(session, request, reply, out deferred) : RpcError.ReplyTooLarge(session.MaxReplyBytes);
        if (error is null && deferred is not null)
        {
            reply.Truncate(mark);
            return new DispatchResult(request.Id.ToArray(), deferred, isBareText);
        }

        reply.End();
        if (reply.Overflowed && (error is null || IsOfTheRoomLeft(session, reply, error))) error = RpcError.ReplyTooLarge(session.MaxReplyBytes);
        if (error is not null)
        {
            for (int i = effects; i < session.Effects.Count; i++)
                session.Effects[i].Abandon();
            session.Effects.RemoveRange(effects, session.Effects.Count - effects);
            reply.Truncate(mark);
            if (error == RpcError.LargeRead) return new DispatchResult(IsLargeRead: true);
            ErrorReply.Write(reply, request.Id, error, isBareText);
        }

        if (request.Id.IsEmpty) reply.Truncate(mark);
        return new DispatchResult(Close: error?.Close ?? false);
    }

    /// <summary>Does what had to wait, and writes the reply.</summary>
    public async Task RunDeferredAsync(Session session, DispatchResult request, ReplyWriter reply, CancellationToken cancellation)
    {
        byte[] id = request.Id!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(session.Server.Options.Limits.Daemon);
        reply.BeginResult(id);
        RpcError? error;
        try
        {
            error = await request.Deferred!(reply, patience.Token);
        }
        catch (Exception failure)
        {
            error = ErrorOf(session, failure);
        }

        reply.End();
        if (error is null && reply.Overflowed) error = RpcError.ReplyTooLarge(session.MaxReplyBytes);
        if (error is not null)
        {
            reply.Truncate(0);
            ErrorReply.Write(reply, id, error, request.IsBareText);
        }

        if (id.Length == 0) reply.Truncate(0);
    }

    private RpcError? Invoke(Session session, RpcRequest request, ReplyWriter reply, out DeferredWork? deferred)
    {
        deferred = null;
        if (session.Server.Options.RequiresNegotiation && !session.HasIntroducedItself && !request.Method.SequenceEqual("server.version"u8))
            return RpcError.NotNegotiated;
        if (!methods.TryGet(request.Method, out MethodDefinition? method) || IsHidden(session, method))
            return new RpcError(RpcError.MethodNotFoundCode, $"unknown method: {ScriptQueries.Quote(request.Method)}");
        session.Meter.AddRequests(method.Cost - MethodCosts.Default);
        try
        {
            if (RpcParams.Read(request.Params, method.Params, method.IgnoresExtraParams, out RpcParams arguments) is { } wrong) return wrong;
            var call = new RpcCall { Session = session, Params = arguments, Reply = reply };
            RpcError? error = method.Handler(ref call);
            deferred = call.Deferred;
            return error;
        }
        catch (Exception failure)
        {
            return ErrorOf(session, failure);
        }
    }

    /// <summary>Nothing is done for a member of a batch whose reply the others leave no room for.</summary>
    private static bool HasRoom(Session session, ReplyWriter reply) => reply.Limit >= Math.Min(MinRoom, session.MaxReplyBytes);

    /// <summary>A history that would fit into a reply of its own is not too large.</summary>
    private static bool IsOfTheRoomLeft(Session session, ReplyWriter reply, RpcError error) =>
        reply.Limit < session.MaxReplyBytes && (error == RpcError.HistoryTooLarge || error == RpcError.HistoryTooLargeSince17);

    private static bool IsHidden(Session session, MethodDefinition method) =>
        session.Server.Options.HideRemovedMethods && session.IsNegotiated && method.IsRemovedIn(session.Version);

    /// <summary>The boundary where a failure of one request stops: the session goes on.</summary>
    private RpcError ErrorOf(Session session, Exception failure)
    {
        switch (failure)
        {
            case DaemonErrorException refused:
                return new RpcError(RpcError.DaemonErrorCode, $"daemon error: {refused.RpcMessage}");
            case DaemonException or OperationCanceledException or TimeoutException:
                return RpcError.DaemonAway;
            default:
                Report(session, failure);
                return RpcError.Internal;
        }
    }

    /// <summary>Makes a failure seen that is nobody's fault but the server's.</summary>
    public void Report(Session session, Exception failure)
    {
        session.Server.Chain.Report(failure);
        LogFailure(failure, session.Id, session.Peer);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "request failed id={Id} peer={Peer}")]
    private partial void LogFailure(Exception failure, long id, string peer);
}

/// <param name="Id">Of a deferred request, for its reply; empty asks for none.</param>
/// <param name="Deferred">Null when the reply is written.</param>
/// <param name="IsBareText">The shape of an error, for a deferred request.</param>
/// <param name="Close">Whether the connection ends after the reply.</param>
/// <param name="IsLargeRead">There is no reply: the request has to be dispatched again once the session may read all.</param>
internal readonly record struct DispatchResult(
    byte[]? Id = null, DeferredWork? Deferred = null, bool IsBareText = false, bool Close = false, bool IsLargeRead = false);
