// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Chain.Primitives;
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

    private static readonly RpcError NoProofs = RpcError.BadRequest("proofs of addresses are not enabled on this server");

    public static RpcError? Subscribe(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out ReadOnlySpan<byte> text)
        ?? ScriptQueries.Subscribe(ref call, key, text, withPin: call.Session.IsLegacy);

    public static RpcError? GetHistory(ref RpcCall call) =>
        ReadKey(ref call, out ScriptKey key, out _) ?? HeightRange.Read(ref call, 1, out HeightRange range) ?? ScriptQueries.GetHistory(ref call, key, range);

    public static RpcError? GetMempool(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetMempool(ref call, key);

    public static RpcError? GetBalance(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetBalance(ref call, key);

    public static RpcError? ListUnspent(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.ListUnspent(ref call, key);

    public static RpcError? Unsubscribe(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.Unsubscribe(ref call, key);

    public static RpcError? GetStatus(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetStatus(ref call, key);

    public static RpcError? GetFirstUse(ref RpcCall call) => ReadKey(ref call, out ScriptKey key, out _) ?? ScriptQueries.GetFirstUse(ref call, key);

    public static RpcError? GetScriptHash(ref RpcCall call)
    {
        if (ReadScript(ref call, out byte[] script, out _) is { } wrong) return wrong;
        call.Reply.Hash(ScriptHash.Of(script));
        return null;
    }

    /// <summary>There is no tree of unspent outputs, and so no <c>utxo_root</c> in headers either.</summary>
    public static RpcError? GetProof(ref RpcCall call) => NoProofs;

    private static RpcError? ReadKey(ref RpcCall call, out ScriptKey key, out ReadOnlySpan<byte> text)
    {
        RpcError? wrong = ReadScript(ref call, out byte[] script, out text);
        key = wrong is null ? ScriptKey.OfAddress(script) : default;
        return wrong;
    }

    private static RpcError? ReadScript(ref RpcCall call, out byte[] script, out ReadOnlySpan<byte> text)
    {
        script = [];
        if (call.Params.ReadString(0, out text) is { } wrong) return wrong;
        Span<char> address = stackalloc char[MaxAddressLength];
        return text.Length <= MaxAddressLength
            && Address.TryGetScript(address[..Encoding.UTF8.GetChars(text, address)], call.Server.Options.Coin, out script)
            ? null
            : RpcError.BadRequest($"{ScriptQueries.Quote(text)} is not a valid address");
    }
}
