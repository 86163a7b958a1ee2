// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ElectrumPot.EndToEnd.Harness;

namespace ElectrumPot.EndToEnd.Client;

/// <summary>
/// A client as strict as the strictest wallet: it checks the shape of every line, the type of every id, and that no
/// notification comes unasked. A violation fails the next call of the test.
/// </summary>
internal sealed class ElectrumClient : IAsyncDisposable
{
    private readonly LineConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, (string Method, TaskCompletionSource<JsonElement> Reply)> _pending = new();
    private readonly ConcurrentDictionary<string, bool> _subscriptions = new();
    private readonly List<Notification> _notifications = [];
    private readonly Lock _notificationsLock = new();
    private readonly Task _reading;
    private int _lastId = -1;
    private volatile Exception? _failure;

    private ElectrumClient(LineConnection connection)
    {
        _connection = connection;
        _reading = ReadAsync();
    }

    public X509Certificate2? Certificate => _connection.Certificate;

    /// <summary>Everything announced so far, in the order of arrival.</summary>
    public IReadOnlyList<Notification> Notifications
    {
        get
        {
            lock (_notificationsLock) return [.. _notifications];
        }
    }

    /// <summary>Opens a connection and negotiates the version as Electrum 4.3.4 does, or nothing at all with a null version.</summary>
    public static async Task<ElectrumClient> ConnectAsync(int port, bool tls = false, string? version = "1.4")
    {
        var client = new ElectrumClient(await LineConnection.OpenAsync(port, tls));
        if (version is not null) await client.CallAsync("server.version", "electrum/4.3.4", version);
        return client;
    }

    /// <summary>One request and its answer.</summary>
    /// <exception cref="ElectrumErrorException">The server answered with an error.</exception>
    public async Task<JsonElement> CallAsync(string method, params object?[] parameters)
    {
        (string line, Task<JsonElement> reply) = Prepare(method, parameters);
        await _connection.SendLineAsync(line);
        return await reply.WaitAsync(Eventually.DefaultDeadline, TestContext.Current.CancellationToken);
    }

    /// <summary>One call per row of parameters, all sent before the first answer is awaited.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallManyAsync(string method, IEnumerable<object?[]> rows)
    {
        (string Line, Task<JsonElement> Reply)[] calls = [.. rows.Select(row => Prepare(method, row))];
        if (calls.Length == 0) return [];
        await _connection.SendLineAsync(string.Join('\n', calls.Select(call => call.Line)));
        return await Task.WhenAll(calls.Select(call => call.Reply)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>The first notification that satisfies the condition, counted from the given position.</summary>
    public async Task<Notification> WaitForAsync(Func<Notification, bool> condition, int from = 0, TimeSpan? within = null)
    {
        Notification? found = await Eventually.BecomesAsync(
            () =>
            {
                ThrowIfFailed();
                return Task.FromResult(Notifications.Skip(from).FirstOrDefault(condition));
            },
            notification => notification is not null,
            within,
            "an announcement that the test waits for");
        return found!;
    }

    /// <summary>Waits for a status announcement of one script hash or address.</summary>
    public Task<Notification> WaitForStatusAsync(string subject, string? status, int from = 0) =>
        WaitForAsync(
            notification => notification.Parameters.GetArrayLength() == 2
                            && notification.Parameters[0].GetString() == subject
                            && notification.Parameters[1].GetString() == status,
            from);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _connection.DisposeAsync();
        await _reading;
        _stop.Dispose();
    }

    /// <summary>True once the server has closed the connection.</summary>
    public bool IsClosed => _reading.IsCompleted;

    private (string Line, Task<JsonElement> Reply) Prepare(string method, object?[] parameters)
    {
        ThrowIfFailed();
        int id = Interlocked.Increment(ref _lastId);
        var reply = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = (method, reply);
        if (method.EndsWith(".subscribe", StringComparison.Ordinal)) _subscriptions[Key(method, parameters.FirstOrDefault())] = true;
        // As Electrum does: no empty parameter list.
        string line = parameters.Length == 0
            ? JsonSerializer.Serialize(new { jsonrpc = "2.0", method, id })
            : JsonSerializer.Serialize(new { jsonrpc = "2.0", method, id, @params = parameters });
        return (line, reply.Task);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _connection.ReadLineUntilAsync(_stop.Token) is { } line) Take(line);
            Fail(new EndOfStreamException("The server closed the connection."));
        }
        catch (Exception failure) when (_stop.IsCancellationRequested)
        {
            Fail(failure);
        }
        catch (Exception failure)
        {
            _failure = failure;
            Fail(failure);
        }
    }

    private void Take(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement message = document.RootElement.Clone();
        ElectrumMessage.CheckShape(message, line);
        if (message.TryGetProperty("method", out JsonElement method))
        {
            var notification = new Notification(method.GetString()!, message.GetProperty("params"));
            if (!WasSubscribed(notification)) throw new WireException("A notification that nobody asked for", line);
            lock (_notificationsLock) _notifications.Add(notification);
            return;
        }

        JsonElement id = message.GetProperty("id");
        if (id.ValueKind != JsonValueKind.Number || !_pending.TryRemove(id.GetInt32(), out var request))
            throw new WireException("An answer to no open request", line);
        if (message.TryGetProperty("error", out JsonElement error))
        {
            request.Reply.SetException(
                new ElectrumErrorException(request.Method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!));
        }
        else
        {
            request.Reply.SetResult(message.GetProperty("result"));
        }
    }

    private bool WasSubscribed(Notification notification) =>
        _subscriptions.ContainsKey(Key(notification.Method, null))
        || (notification.Parameters.GetArrayLength() > 0
            && _subscriptions.ContainsKey(Key(notification.Method, notification.Parameters[0].ToString())));

    private static string Key(string method, object? subject) => $"{method} {(subject is string text ? text : null)}";

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw new InvalidOperationException($"The connection broke: {failure.Message}", failure);
        if (_reading.IsCompleted) throw new EndOfStreamException("The server closed the connection.");
    }

    private void Fail(Exception failure)
    {
        foreach (int id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out var request)) request.Reply.TrySetException(failure);
        }
    }
}
