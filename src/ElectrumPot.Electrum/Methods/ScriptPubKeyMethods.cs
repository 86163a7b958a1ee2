// SPDX-License-Identifier: MIT

using System.Buffers;
using ElectrumPot.Chain.Text;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// <c>blockchain.scriptpubkey.*</c>: what 1.7 has instead of <c>blockchain.scripthash.*</c>. Exactly one script, named by
/// itself; lists come as members of an object.
/// </summary>
internal static class ScriptPubKeyMethods
{
    /// <summary>A longer script can never be spent, by consensus of all coins.</summary>
    public const int MaxScriptBytes = 10_000;

    public static RpcError? Subscribe(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out ReadOnlySpan<byte> text) ?? ScriptQueries.Subscribe(ref call, key, text, withPin: false);

    public static RpcError? Unsubscribe(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.Unsubscribe(ref call, key);

    public static RpcError? GetBalance(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetBalance(ref call, key);

    public static RpcError? GetHistory(ref RpcCall call)
    {
        if (ReadKey(ref call, out ScriptKey key, out _) is { } wrong) return wrong;
        call.Reply.Raw("{\"history\":"u8);
        return End(ref call, ScriptQueries.GetHistory(ref call, key, HeightRange.All));
    }

    public static RpcError? GetMempool(ref RpcCall call)
    {
        if (ReadKey(ref call, out ScriptKey key, out _) is { } wrong) return wrong;
        call.Reply.Raw("{\"history\":"u8);
        return End(ref call, ScriptQueries.GetMempool(ref call, key));
    }

    public static RpcError? ListUnspent(ref RpcCall call)
    {
        if (ReadKey(ref call, out ScriptKey key, out _) is { } wrong) return wrong;
        call.Reply.Raw("{\"utxos\":"u8);
        return End(ref call, ScriptQueries.ListUnspent(ref call, key));
    }

    /// <summary>Reads a script in hexadecimal; the empty one is a script as well.</summary>
    /// <param name="key">The script named by itself.</param>
    /// <param name="text">As the wallet wrote it.</param>
    public static RpcError? ReadScript(ref RpcCall call, int index, out ScriptKey key, out ReadOnlySpan<byte> text)
    {
        key = default;
        if (call.Params.ReadString(index, out text) is { } wrong) return wrong;
        if (text.Length > MaxScriptBytes * 2) return RpcError.BadRequest($"the script is too long, at most {MaxScriptBytes} bytes");
        byte[] rented = ArrayPool<byte>.Shared.Rent(MaxScriptBytes);
        Span<byte> script = rented.AsSpan(0, text.Length / 2);
        bool isHex = Hex.TryDecode(text, script);
        if (isHex) key = ScriptKey.OfScriptPubKey(script);
        ArrayPool<byte>.Shared.Return(rented);
        return isHex ? null : RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid script");
    }

    private static RpcError? ReadKey(ref RpcCall call, out ScriptKey key, out ReadOnlySpan<byte> text) => ReadScript(ref call, 0, out key, out text);

    private static RpcError? End(ref RpcCall call, RpcError? error)
    {
        call.Reply.Raw((byte)'}');
        return error;
    }
}
