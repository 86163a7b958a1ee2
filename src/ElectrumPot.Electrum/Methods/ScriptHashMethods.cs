// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary><c>blockchain.scripthash.*</c>: exactly one script.</summary>
internal static class ScriptHashMethods
{
    public static RpcError? Subscribe(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out ReadOnlySpan<byte> text) ?? ScriptQueries.Subscribe(ref call, key, text, withPin: false);

    public static RpcError? Unsubscribe(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.Unsubscribe(ref call, key);

    public static RpcError? GetHistory(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out _) ?? HeightRange.Read(ref call, 1, out HeightRange range) ?? ScriptQueries.GetHistory(ref call, key, range);

    public static RpcError? GetMempool(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetMempool(ref call, key);

    public static RpcError? GetBalance(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetBalance(ref call, key);

    public static RpcError? ListUnspent(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.ListUnspent(ref call, key);

    public static RpcError? GetStatus(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetStatus(ref call, key);

    public static RpcError? GetFirstUse(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetFirstUse(ref call, key);

    private static RpcError? ReadKey(ref RpcCall call, out ScriptKey key, out ReadOnlySpan<byte> text)
    {
        key = default;
        if (call.Params.ReadString(0, out text) is { } wrong) return wrong;
        if (!Hash256.TryParse(text, out Hash256 scriptHash))
            return RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid script hash");
        key = ScriptKey.OfScriptHash(scriptHash);
        return null;
    }
}
