// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Electrum.Support;

/// <summary>The protocol reference's test vectors.</summary>
internal static class Vectors
{
    public static JsonElement All { get; } =
        JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "protocol-vectors.json")));

    /// <summary>P2PKH of the key of <see cref="P2Pk"/>.</summary>
    public static string Address => Scripts("p2pkh").GetProperty("potcoin_address").GetString()!;

    public static string P2PkhScriptHash => Scripts("p2pkh").GetProperty("scripthash").GetString()!;

    public static string P2PkScriptHash => Scripts("p2pk_uncompressed").GetProperty("scripthash").GetString()!;

    public static HashX P2Pkh => HashX.OfScriptHash(Hash256.Parse(P2PkhScriptHash));

    public static HashX P2Pk => HashX.OfScriptHash(Hash256.Parse(P2PkScriptHash));

    public static JsonElement Scripts(string name) =>
        All.GetProperty("scripthash").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
}
