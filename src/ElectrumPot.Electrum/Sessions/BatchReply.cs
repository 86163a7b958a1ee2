// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Gathers the replies of a batch, in any order, until all are there.</summary>
internal sealed class BatchReply(int maxBytes) : IDisposable
{
    private readonly ReplyWriter _writer = ReplyWriter.Rent(int.MaxValue);
    private readonly Lock _gate = new();

    // One for the batch itself until all members have been dispatched.
    private int _open = 1;

    /// <summary>Made by its members; activated with the whole reply.</summary>
    public List<IReplyEffect> Effects { get; } = [];

    /// <summary>The array with its LF; empty when no member wanted a reply.</summary>
    public ReadOnlySpan<byte> Written => _writer.Written;

    /// <summary>A member will reply later.</summary>
    public void Expect() => Interlocked.Increment(ref _open);

    /// <summary>What a member may still write.</summary>
    public int Room
    {
        get
        {
            lock (_gate)
                return Math.Max(0, maxBytes - _writer.Length);
        }
    }

    /// <param name="reply">Made within <see cref="Room"/>; empty for a notification.</param>
    public void Add(ReadOnlySpan<byte> reply)
    {
        if (reply.IsEmpty) return;
        lock (_gate)
        {
            _writer.Raw(_writer.Length == 0 ? (byte)'[' : (byte)',');
            _writer.Raw(reply);
        }
    }

    /// <summary>A reply that came late and may find the room taken by others.</summary>
    public void AddLate(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> id)
    {
        if (reply.Length <= Room)
        {
            Add(reply);
            return;
        }

        using ReplyWriter error = ReplyWriter.Rent(int.MaxValue);
        error.Error(id, RpcError.ReplyTooLarge(maxBytes));
        Add(error.Written);
    }

    /// <summary>A member, or the batch itself, is done.</summary>
    /// <returns>True for the last: the reply is complete.</returns>
    public bool Close()
    {
        if (Interlocked.Decrement(ref _open) > 0) return false;
        if (_writer.Length > 0) _writer.Raw("]\n"u8);
        return true;
    }

    public void Dispose() => _writer.Dispose();
}
