// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Scripts;
using ElectrumPot.Electrum.Sessions;
using ElectrumPot.Electrum.Wire;

namespace ElectrumPot.Electrum.Methods;

/// <summary>
/// <c>blockchain.address.*</c>: all scripts of the address' key together, since stake rewards are paid to the key itself
/// (protocol, "Address versus script").
/// </summary>
internal static class AddressMethods
{
    private const int MaxAddressLength = 128;

    public static RpcError? Subscribe(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out ReadOnlySpan<byte> text)
        ?? ScriptQueries.Subscribe(ref call, key, text, withPin: call.Session.IsLegacy);

    public static RpcError? GetHistory(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetHistory(ref call, key);

    public static RpcError? GetMempool(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetMempool(ref call, key);

    public static RpcError? GetBalance(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetBalance(ref call, key);

    public static RpcError? ListUnspent(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.ListUnspent(ref call, key);

    private static RpcError? ReadKey(ref RpcCall call, out ScriptKey key, out ReadOnlySpan<byte> text)
    {
        key = default;
        if (call.Params.ReadString(0, out text) is { } wrong) return wrong;
        Span<char> address = stackalloc char[MaxAddressLength];
        if (text.Length > MaxAddressLength
            || !Address.TryGetScript(address[..Encoding.UTF8.GetChars(text, address)], call.Server.Options.Coin, out byte[] script))
            return RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid address");
        key = ScriptKey.OfAddress(script);
        return null;
    }
}
