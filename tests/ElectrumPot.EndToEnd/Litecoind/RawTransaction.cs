// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace ElectrumPot.EndToEnd.Litecoind;

/// <summary>Transactions with outputs that no wallet command offers; the daemon's wallet adds the coins and signs.</summary>
internal static class RawTransaction
{
    /// <summary>Pays each script its amount (smallest unit) in one transaction, and returns the txid.</summary>
    public static async Task<string> PayScriptsAsync(LitecoinDaemon daemon, params (string Script, long Amount)[] outputs)
    {
        var funded = await daemon.Wallet.CallAsync("fundrawtransaction", WithOutputs(outputs));
        var signed = await daemon.Wallet.CallAsync("signrawtransactionwithwallet", funded.GetProperty("hex").GetString());
        signed.GetProperty("complete").GetBoolean().ShouldBeTrue();
        return (await daemon.Rpc.CallAsync("sendrawtransaction", signed.GetProperty("hex").GetString())).GetString()!;
    }

    /// <summary>Spends exactly these outputs of the daemon's wallet to one address, the rest being the fee; returns the signed hexadecimal.</summary>
    public static async Task<string> SignAsync(LitecoinDaemon daemon, IEnumerable<(string Txid, int Index)> inputs, string address, decimal amount)
    {
        var raw = await daemon.Rpc.CallAsync(
            "createrawtransaction",
            inputs.Select(input => new { txid = input.Txid, vout = input.Index }),
            new Dictionary<string, decimal> { [address] = amount });
        var signed = await daemon.Wallet.CallAsync("signrawtransactionwithwallet", raw.GetString());
        signed.GetProperty("complete").GetBoolean().ShouldBeTrue();
        return signed.GetProperty("hex").GetString()!;
    }

    private static string WithOutputs((string Script, long Amount)[] outputs)
    {
        var hex = new StringBuilder("02000000" + "00");
        hex.Append(CultureInfo.InvariantCulture, $"{outputs.Length:x2}");
        foreach ((string script, long amount) in outputs)
        {
            hex.Append(Convert.ToHexStringLower(BitConverter.GetBytes(amount)));
            hex.Append(CultureInfo.InvariantCulture, $"{script.Length / 2:x2}{script}");
        }

        return hex.Append("00000000").ToString();
    }
}
