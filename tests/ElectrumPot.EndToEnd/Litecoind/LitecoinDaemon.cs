// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using ElectrumPot.EndToEnd.Harness;
using ElectrumPot.EndToEnd.Naive;

namespace ElectrumPot.EndToEnd.Litecoind;

/// <summary>A real litecoind on a private regtest chain: the daemon whose every answer the server is measured against.</summary>
internal sealed class LitecoinDaemon : IAsyncDisposable
{
    public const string User = "pot";
    public const string Password = "a password with spaces = and signs";

    private const string WalletName = "test";

    private readonly TemporaryFolder _folder = new("litecoind");
    private ChildProcess? _process;

    private LitecoinDaemon(int rpcPort)
    {
        RpcPort = rpcPort;
        Rpc = new NodeRpc(rpcPort, User, Password);
        Wallet = new NodeRpc(rpcPort, User, Password, WalletName);
    }

    public int RpcPort { get; }

    /// <summary>What an operator gives as <c>datadir</c>: the files of regtest are in a folder of it.</summary>
    public string DataFolder => _folder.Path;

    public NodeRpc Rpc { get; }

    /// <summary>The same daemon, addressed at its wallet.</summary>
    public NodeRpc Wallet { get; }

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => (_process ?? throw new InvalidOperationException("litecoind is not running.")).Id;

    /// <summary>Starts a daemon with an empty chain and an empty wallet.</summary>
    /// <param name="settings">More lines for its configuration file, such as <c>blockmaxweight=40000</c>.</param>
    public static async Task<LitecoinDaemon> StartNewAsync(params string[] settings)
    {
        var daemon = new LitecoinDaemon(FreePort.Next());
        try
        {
            await File.WriteAllTextAsync(daemon._folder["litecoin.conf"], daemon.Configuration(settings), TestContext.Current.CancellationToken);
            await daemon.StartAsync();
            await daemon.Rpc.CallAsync("createwallet", WalletName, false, false, "", false, false, true);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again on its chain; returns when the RPC port answers.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start("litecoind", [$"-datadir={_folder.Path}"], Requirements.Advice);
        await Eventually.PassAsync(
            async () =>
            {
                _process.ShouldRun();
                await Rpc.CallAsync("getblockcount");
            },
            TimeSpan.FromSeconds(60));
    }

    public async Task StopAsync()
    {
        if (!IsRunning) return;
        await _process!.TerminateAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends it by SIGKILL: what it had not written to disk, blocks and mempool included, is lost.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.KillAsync();
    }

    public async Task<IReadOnlyList<string>> MineAsync(int blocks = 1, string? address = null)
    {
        JsonElement hashes = await Rpc.CallAsync("generatetoaddress", blocks, address ?? await NewAddressAsync());
        return [.. hashes.EnumerateArray().Select(hash => hash.GetString()!)];
    }

    /// <summary>Mines to any script the descriptor language has, pay-to-pubkey and bare multisig included.</summary>
    public async Task MineToDescriptorAsync(string descriptor, int blocks = 1)
    {
        JsonElement info = await Rpc.CallAsync("getdescriptorinfo", descriptor);
        await Rpc.CallAsync("generatetodescriptor", blocks, $"{descriptor}#{info.GetProperty("checksum").GetString()}");
    }

    /// <summary>A new address of the daemon's wallet.</summary>
    /// <param name="type"><c>legacy</c>, <c>p2sh-segwit</c> or <c>bech32</c>.</param>
    public async Task<string> NewAddressAsync(string type = "bech32") =>
        (await Wallet.CallAsync("getnewaddress", "", type)).GetString()!;

    /// <summary>Pays from the daemon's wallet and returns the txid.</summary>
    public async Task<string> SendAsync(string address, decimal amount) =>
        (await Wallet.CallAsync("sendtoaddress", address, amount)).GetString()!;

    public async Task<int> HeightAsync() => (await Rpc.CallAsync("getblockcount")).GetInt32();

    public async Task<string> BlockHashAsync(int height) => (await Rpc.CallAsync("getblockhash", height)).GetString()!;

    public async Task<string> HeaderAsync(int height) =>
        (await Rpc.CallAsync("getblockheader", await BlockHashAsync(height), false)).GetString()!;

    public async Task<string> RawTransactionAsync(string txid) => (await Rpc.CallAsync("getrawtransaction", txid)).GetString()!;

    /// <summary>Which output of a transaction pays the address.</summary>
    public async Task<int> OutputOfAsync(string txid, string address)
    {
        string script = await ScriptOfAsync(address);
        NaiveTransaction transaction = NaiveReader.ReadTransaction(await RawTransactionAsync(txid), NaiveFormat.Litecoin);
        return transaction.Outputs.Index().Single(output => Convert.ToHexStringLower(output.Item.Script) == script).Index;
    }

    /// <summary>The locking script of an address, in hexadecimal.</summary>
    public async Task<string> ScriptOfAsync(string address) =>
        (await Rpc.CallAsync("validateaddress", address)).GetProperty("scriptPubKey").GetString()!;

    /// <summary>The public key behind an address of the daemon's wallet, in hexadecimal.</summary>
    public async Task<string> PublicKeyOfAsync(string address) =>
        (await Wallet.CallAsync("getaddressinfo", address)).GetProperty("pubkey").GetString()!;

    /// <summary>Declares the block at this height invalid, so that the chain ends just below it.</summary>
    public async Task<string> InvalidateFromAsync(int height)
    {
        string hash = await BlockHashAsync(height);
        await Rpc.CallAsync("invalidateblock", hash);
        return hash;
    }

    /// <summary>Replaces the last blocks by others, one more than there were unless told otherwise.</summary>
    public async Task ReorganiseAsync(int depth, int? replacement = null)
    {
        await InvalidateFromAsync(await HeightAsync() - depth + 1);
        await MineAsync(replacement ?? depth + 1);
    }

    public async ValueTask DisposeAsync()
    {
        // An orderly stop would only write to a folder that is deleted next.
        if (_process is not null) await _process.DisposeAsync();
        Rpc.Dispose();
        Wallet.Dispose();
        _folder.Dispose();
    }

    private string Configuration(string[] settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         regtest=1
         server=1
         txindex=1
         listen=0
         dnsseed=0
         rpcuser={User}
         rpcpassword={Password}
         rpcworkqueue=64
         rpcthreads=8
         maxtipage=4000000000
         acceptnonstdtxn=1
         fallbackfee=0.001
         keypool=10
         dbcache=50
         checkblockindex=0
         checkmempool=0
         vbparams=mweb:4000000000:4100000000
         vbparams=taproot:4000000000:4100000000
         {string.Join('\n', settings)}
         [regtest]
         rpcport={RpcPort}
         rpcbind=127.0.0.1
         rpcallowip=127.0.0.1

         """);
}
