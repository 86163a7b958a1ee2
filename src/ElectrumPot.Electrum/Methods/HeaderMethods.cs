// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Electrum.Wire;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Methods;

/// <summary>Headers and the tip (protocol, "Headers and blocks").</summary>
internal static class HeaderMethods
{
    /// <summary>Headers in one chunk and in one reply; wallets disconnect from servers that serve fewer.</summary>
    public const int MaxHeaders = 2016;

    public static readonly RpcError NoBlockYet = RpcError.BadRequest("the server has no block yet");

    public static RpcError? SubscribeHeight(ref RpcCall call) => Subscribe(ref call, call.Session.Numblocks, TipForm.Height);

    /// <summary>
    /// Dictionary up to 1.1, by choice in 1.2 and 1.3, raw from 1.4. The boolean is accepted in every version: some
    /// wallets send it before they negotiate.
    /// </summary>
    public static RpcError? Subscribe(ref RpcCall call)
    {
        bool isRaw = call.Version >= ProtocolVersion.V1_3;
        if (call.Version < ProtocolVersion.V1_4 && call.Params.ReadBoolean(0, isRaw, out isRaw) is { } wrong) return wrong;
        return Subscribe(ref call, call.Session.Headers, isRaw ? TipForm.Raw : TipForm.Dictionary);
    }

    public static RpcError? GetDictionary(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int height) is { } wrong) return wrong;
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (!call.Snapshot.TryGetHeader(height, header)) return BeyondTip(height, call.Snapshot);
        HeaderJson.WriteDictionary(call.Reply, height, header);
        return null;
    }

    /// <summary>2016 headers as one text; empty beyond the tip.</summary>
    public static RpcError? GetChunk(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int index) is { } wrong) return wrong;
        bool isEmpty = FirstHeight(index) > call.Snapshot.Height;
        TimeSpan delay = call.Session.Chunks.Next(index, isEmpty);
        if (delay == TimeSpan.Zero)
        {
            WriteChunk(call.Reply, call.Snapshot, index);
            return null;
        }

        return call.Defer(WhenDelayed(call.Server, index, delay));
    }

    public static RpcError? GetOne(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int height) is { } wrongHeight) return wrongHeight;
        if (call.Params.ReadNatural(1, absent: 0, out int checkpoint) is { } wrongCheckpoint) return wrongCheckpoint;
        IChainSnapshot snapshot = call.Snapshot;
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        if (!snapshot.TryGetHeader(height, header)) return BeyondTip(height, snapshot);
        if (checkpoint == 0)
        {
            call.Reply.HexString(header);
            return null;
        }

        if (CheckpointError(height, checkpoint, snapshot) is { } refused) return refused;
        if (!TryProve(ref call, height, checkpoint, out HeaderProof? proof)) return RpcError.LargeRead;
        call.Reply.Raw("{\"branch\":"u8);
        call.Reply.Hashes(proof.Branch);
        call.Reply.Raw(",\"header\":"u8);
        call.Reply.HexString(header);
        call.Reply.Raw(",\"root\":"u8);
        call.Reply.Hash(proof.Root);
        call.Reply.Raw((byte)'}');
        return null;
    }

    /// <summary>One text up to 1.4.3, a list from 1.6. A start beyond the tip is no error.</summary>
    public static RpcError? GetMany(ref RpcCall call)
    {
        if (call.Params.ReadNatural(0, out int start) is { } wrongStart) return wrongStart;
        if (call.Params.ReadNatural(1, out int count) is { } wrongCount) return wrongCount;
        if (call.Params.ReadNatural(2, absent: 0, out int checkpoint) is { } wrongCheckpoint) return wrongCheckpoint;
        IChainSnapshot snapshot = call.Snapshot;
        bool withProof = checkpoint > 0 && count > 0;
        if (withProof && CheckpointError((long)start + count - 1, checkpoint, snapshot) is { } refused) return refused;

        HeaderProof? proof = null;
        if (withProof && !TryProve(ref call, start + Math.Min(count, MaxHeaders) - 1, checkpoint, out proof)) return RpcError.LargeRead;
        byte[] headers = ArrayPool<byte>.Shared.Rent(MaxHeaders * BlockHeader.Size);
        int found = snapshot.ReadHeaders(start, Math.Min(count, MaxHeaders), headers);
        ReplyWriter reply = call.Reply;
        reply.Raw("{\"count\":"u8);
        reply.Integer(found);
        if (call.Version >= ProtocolVersion.V1_6) WriteList(reply, headers.AsSpan(0, found * BlockHeader.Size));
        else WriteText(reply, headers.AsSpan(0, found * BlockHeader.Size));
        ArrayPool<byte>.Shared.Return(headers);
        reply.Raw(",\"max\":"u8);
        reply.Integer(MaxHeaders);
        if (proof is not null)
        {
            reply.Raw(",\"branch\":"u8);
            reply.Hashes(proof.Branch);
            reply.Raw(",\"root\":"u8);
            reply.Hash(proof.Root);
        }

        reply.Raw((byte)'}');
        return null;
    }

    public static RpcError BeyondTip(int height, IChainSnapshot snapshot) =>
        RpcError.BadRequest($"height {height} is out of range, the chain height is {snapshot.Height}");

    private static RpcError? Subscribe(ref RpcCall call, TipSubscription subscription, TipForm form)
    {
        if (HeaderNotice.Of(call.Snapshot) is not { } tip) return NoBlockYet;
        tip.WriteTip(call.Reply, form);
        subscription.Reply(tip, form);
        call.Session.Effects.Add(subscription);
        return null;
    }

    // Apart from the caller, so that a chunk that is sent at once allocates nothing.
    private static DeferredWork WhenDelayed(ServerContext server, int index, TimeSpan delay) => async (reply, cancellation) =>
    {
        await Task.Delay(delay, server.Time, cancellation);
        using IChainSnapshot snapshot = server.Chain.Acquire();
        WriteChunk(reply, snapshot, index);
        return null;
    };

    private static long FirstHeight(int chunk) => (long)chunk * MaxHeaders;

    private static void WriteChunk(ReplyWriter reply, IChainSnapshot snapshot, int index)
    {
        byte[] headers = ArrayPool<byte>.Shared.Rent(MaxHeaders * BlockHeader.Size);
        long first = FirstHeight(index);
        int found = first > snapshot.Height ? 0 : snapshot.ReadHeaders((int)first, MaxHeaders, headers);
        reply.HexString(headers.AsSpan(0, found * BlockHeader.Size));
        ArrayPool<byte>.Shared.Return(headers);
    }

    private static void WriteText(ReplyWriter reply, ReadOnlySpan<byte> headers)
    {
        reply.Raw(",\"hex\":"u8);
        reply.HexString(headers);
    }

    private static void WriteList(ReplyWriter reply, ReadOnlySpan<byte> headers)
    {
        reply.Raw(",\"headers\":["u8);
        for (int at = 0; at < headers.Length; at += BlockHeader.Size)
        {
            if (at > 0) reply.Raw((byte)',');
            reply.HexString(headers.Slice(at, BlockHeader.Size));
        }

        reply.Raw((byte)']');
    }

    /// <returns>False when the tree of headers has to be built first, which is for those who may read much.</returns>
    private static bool TryProve(ref RpcCall call, int height, int checkpoint, [NotNullWhen(true)] out HeaderProof? proof)
    {
        Session session = call.Session;
        int max = session.MayReadAll ? int.MaxValue : LargeReads.FreeEntries;
        bool isProven = call.Snapshot.TryGetHeaderProof(height, checkpoint, max, out proof);
        session.Meter.AddEntries(proof?.HeadersRead ?? 0);
        return isProven;
    }

    private static RpcError? CheckpointError(long last, int checkpoint, IChainSnapshot snapshot) =>
        last <= checkpoint && checkpoint <= snapshot.Height
            ? null
            : RpcError.BadRequest($"header height {last} must be <= cp_height {checkpoint} which must be <= the chain height {snapshot.Height}");
}
