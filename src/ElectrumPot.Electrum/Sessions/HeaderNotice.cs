// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Backend;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>How a session wants to hear of a new tip.</summary>
internal enum TipForm
{
    /// <summary><c>numblocks.subscribe</c>: the height alone.</summary>
    Height,

    /// <summary><c>headers.subscribe</c> up to 1.2: the header as a dictionary.</summary>
    Dictionary,

    /// <summary><c>headers.subscribe</c> from 1.4: hexadecimal header and height.</summary>
    Raw,
}

/// <summary>One tip, written down once in each form for all sessions.</summary>
internal sealed class HeaderNotice
{
    private readonly byte[] _header = new byte[BlockHeader.Size];
    private readonly byte[]?[] _lines = new byte[]?[3];

    private HeaderNotice(IChainSnapshot snapshot)
    {
        Sequence = snapshot.Sequence;
        Height = snapshot.Height;
        TipHash = snapshot.TipHash;
    }

    public long Sequence { get; }

    public int Height { get; }

    public Hash256 TipHash { get; }

    /// <returns>Null while there is no block.</returns>
    public static HeaderNotice? Of(IChainSnapshot snapshot)
    {
        var notice = new HeaderNotice(snapshot);
        return snapshot.TryGetHeader(snapshot.Height, notice._header) ? notice : null;
    }

    /// <summary>The tip as it stands in <c>result</c> of the reply and in <c>params</c> of the notification.</summary>
    public void WriteTip(ReplyWriter writer, TipForm form)
    {
        switch (form)
        {
            case TipForm.Height:
                writer.Integer(Height);
                break;
            case TipForm.Dictionary:
                HeaderJson.WriteDictionary(writer, Height, _header);
                break;
            default:
                writer.Raw("{\"hex\":"u8);
                writer.HexString(_header);
                writer.Raw(",\"height\":"u8);
                writer.Integer(Height);
                writer.Raw((byte)'}');
                break;
        }
    }

    /// <summary>The whole notification with its LF.</summary>
    public ReadOnlySpan<byte> Line(TipForm form) => _lines[(int)form] ??= MakeLine(form);

    private byte[] MakeLine(TipForm form)
    {
        using ReplyWriter writer = ReplyWriter.Rent(int.MaxValue);
        writer.Raw("{\"jsonrpc\":\"2.0\",\"method\":\"blockchain."u8);
        writer.Raw(form == TipForm.Height ? "numblocks"u8 : "headers"u8);
        writer.Raw(".subscribe\",\"params\":["u8);
        WriteTip(writer, form);
        writer.Raw("]}\n"u8);
        return writer.Written.ToArray();
    }
}
