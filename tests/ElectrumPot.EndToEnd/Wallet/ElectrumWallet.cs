// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Text.Json;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Wallet;

/// <param name="Confirmed">All three in the smallest unit.</param>
internal sealed record WalletBalance(long Confirmed, long Unconfirmed, long Immature);

/// <param name="Height">0 and -1 in the mempool, -2 if only this wallet knows it.</param>
/// <param name="Delta">What the transaction added to this wallet, in the smallest unit.</param>
internal sealed record WalletEntry(string Txid, int Height, long Delta, long? Fee);

internal sealed record WalletState(
    bool Connected, int? ServerHeight, int LocalHeight, bool Synced, WalletBalance Balance, IReadOnlyList<WalletEntry> History);

/// <summary>Debian's Electrum 4.3.4, real in everything but its windows, in a process and a home folder of its own.</summary>
internal sealed class ElectrumWallet : IAsyncDisposable
{
    /// <summary>Debian's interpreter, because Debian's Electrum is installed for that one.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _pending = new();
    private readonly TemporaryFolder _home;
    private readonly bool _ownsHome;
    private readonly ChildProcess _process;
    private readonly SemaphoreSlim _sending = new(1);
    private int _lastId;
    private volatile InvalidOperationException? _missing;

    private ElectrumWallet(TemporaryFolder? home)
    {
        _ownsHome = home is null;
        _home = home ?? new TemporaryFolder("wallet");
        _process = ChildProcess.Start(
            Python,
            [Path.Combine(AppContext.BaseDirectory, "Wallet", "driver.py")],
            Requirements.Advice,
            new Dictionary<string, string> { ["HOME"] = _home.Path, ["PYTHONDONTWRITEBYTECODE"] = "1" },
            Take);
    }

    /// <summary>The words from which another wallet becomes the same.</summary>
    public string Seed { get; private set; } = "";

    public string Home => _home.Path;

    /// <summary>The certificate that this wallet pinned at its first contact; empty if it believes in an authority instead.</summary>
    public string PinnedCertificate => File.ReadAllText(_home[Path.Combine("certs", "127.0.0.1")]);

    /// <param name="home">A folder to keep the wallet in after this process; without it, it ends with the test.</param>
    /// <param name="fingerprint">SHA-256 of the certificate, for a client that does not trust the first contact.</param>
    public static async Task<ElectrumWallet> OpenAsync(
        string coin,
        int port,
        string? seed = null,
        bool tls = true,
        string seedType = "segwit",
        TemporaryFolder? home = null,
        string? fingerprint = null,
        int? lastPowBlock = null)
    {
        var wallet = new ElectrumWallet(home);
        try
        {
            JsonElement opened = await wallet.DoAsync("open", new Dictionary<string, object?>
            {
                ["home"] = wallet.Home,
                ["coin"] = coin,
                ["server"] = $"127.0.0.1:{port}:{(tls ? 's' : 't')}",
                ["seed"] = seed,
                ["seed_type"] = seedType,
                ["fingerprint"] = fingerprint,
                ["last_pow_block"] = lastPowBlock,
            });
            wallet.Seed = opened.GetProperty("seed").GetString()!;
            return wallet;
        }
        catch
        {
            await wallet.DisposeAsync();
            throw;
        }
    }

    public Task<WalletState> StateAsync() => StateAsync("state");

    public Task<WalletState> WaitSyncedAsync(int height) => StateAsync("wait_synced", ("height", height));

    public Task<WalletState> WaitBalanceAsync(long confirmed, long unconfirmed) =>
        StateAsync("wait_balance", ("confirmed", confirmed), ("unconfirmed", unconfirmed));

    /// <summary>Waits until the wallet shows the transaction there; a confirmed one only with an accepted merkle proof.</summary>
    public Task<WalletState> WaitTransactionAsync(string txid, int height) =>
        StateAsync("wait_transaction", ("txid", txid), ("height", height));

    public Task<WalletState> WaitConnectedAsync(bool connected) => StateAsync("wait_connected", ("connected", connected));

    public async Task<string> AddressAsync(int index, bool change = false) =>
        (await DoAsync("address", ("index", index), ("change", change))).GetString()!;

    /// <summary>Signs and sends through the server; amounts in the smallest unit.</summary>
    public async Task<string> PayAsync(string address, long amount, long fee) =>
        (await DoAsync("pay", ("address", address), ("amount", amount), ("fee", fee))).GetString()!;

    public async Task<string> BannerAsync() => (await DoAsync("banner")).GetString()!;

    public async Task<decimal> RelayFeeAsync() => (await DoAsync("relay_fee")).GetDecimal();

    /// <summary>What Electrum reported to its user interface since the last call.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await DoAsync("events")).EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Saves and leaves, as a user closes his wallet.</summary>
    public Task CloseAsync() => DoAsync("close");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (_ownsHome) _home.Dispose();
        _sending.Dispose();
    }

    private async Task<WalletState> StateAsync(string command, params (string Name, object? Value)[] arguments) =>
        (await DoAsync(command, arguments)).Deserialize<WalletState>(Json)!;

    private Task<JsonElement> DoAsync(string command, params (string Name, object? Value)[] arguments) =>
        DoAsync(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));

    private async Task<JsonElement> DoAsync(string command, Dictionary<string, object?> arguments)
    {
        int id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = reply;
        arguments["id"] = id;
        arguments["do"] = command;
        string line = JsonSerializer.Serialize(arguments.Where(argument => argument.Value is not null).ToDictionary());
        try
        {
            await SendAsync(line);
            // Every command has its own, shorter deadline inside; this one is for a process that no longer answers.
            await Task.WhenAny(reply.Task, _process.Ended).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
            if (!reply.Task.IsCompleted) throw _missing ?? new InvalidOperationException("its process has ended.");
            return await reply.Task;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Electrum, asked to {command}: {failure.Message}\n{Tail(_process.Output)}", failure);
        }
    }

    private async Task SendAsync(string line)
    {
        await _sending.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The process has ended; whoever waits for the answer is told.
        }
        finally
        {
            _sending.Release();
        }
    }

    private static string Tail(string output) => output.Length > 4_000 ? output[^4_000..] : output;

    private void Take(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement reply = document.RootElement.Clone();
        JsonElement id = reply.GetProperty("id");
        if (id.ValueKind == JsonValueKind.Null)
        {
            _missing = new InvalidOperationException($"{reply.GetProperty("error").GetString()} {Requirements.Advice}");
        }
        else if (_pending.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? waiting))
        {
            if (reply.TryGetProperty("error", out JsonElement error)) waiting.SetException(new InvalidOperationException(error.GetString()));
            else waiting.SetResult(reply.GetProperty("result"));
        }
    }
}
