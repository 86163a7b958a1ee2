// SPDX-License-Identifier: MIT

using System.Text.Json;
using ElectrumPot.Tests.Electrum.Conformance;
using ElectrumPot.Tests.Electrum.Support;
using Shouldly;

namespace ElectrumPot.Tests.Electrum.Transcripts;

/// <summary>How a wallet writes its requests.</summary>
/// <param name="SendsMarker">The member <c>jsonrpc</c>.</param>
/// <param name="OmitsEmptyParams">Instead of sending an empty list.</param>
/// <param name="Padding">Spaces before the last brace.</param>
internal sealed record RequestStyle(bool SendsMarker, bool OmitsEmptyParams, int Padding = 0)
{
    public static RequestStyle Legacy { get; } = new(SendsMarker: false, OmitsEmptyParams: false);

    public static RequestStyle Modern { get; } = new(SendsMarker: true, OmitsEmptyParams: true);

    public string Write(int id, string method, string args)
    {
        string marker = SendsMarker ? "\"jsonrpc\":\"2.0\"," : "";
        string parameters = args == "[]" && OmitsEmptyParams ? "" : $",\"params\":{args}";
        return $$"""{{{marker}}"method":"{{method}}","id":{{id}}{{parameters}}{{new string(' ', Padding)}}}""";
    }
}

/// <summary>
/// The client's side of a conversation: ids from 0 upwards, replies in any order, and the strict view of replies and
/// notifications that ends a real connection.
/// </summary>
internal sealed class ReplayedWallet(TestWallet connection, RequestStyle style)
{
    private readonly Dictionary<int, string> _waiting = [];
    private readonly Dictionary<int, string> _replies = [];
    private readonly HashSet<string> _subscribed = [];
    private int _nextId;

    /// <summary>In the order they came.</summary>
    public Queue<(string Method, JsonElement Params)> Notifications { get; } = [];

    /// <summary>Sends without waiting.</summary>
    public async Task<int> SendAsync(string method, string args = "[]")
    {
        await connection.SendAsync(Write(method, args, out int id));
        return id;
    }

    /// <summary>Sends many requests in one write, as wallets do.</summary>
    public async Task<int[]> SendTogetherAsync(IEnumerable<(string Method, string Args)> requests)
    {
        List<int> ids = [];
        string text = "";
        foreach ((string method, string args) in requests)
        {
            text += Write(method, args, out int id);
            ids.Add(id);
        }

        await connection.SendAsync(text);
        return [.. ids];
    }

    public async Task<JsonElement> ResultAsync(int id)
    {
        while (!_replies.ContainsKey(id)) await ReceiveAsync();
        _replies.Remove(id, out string? line);
        return StrictReply.Result(line, $"{id}");
    }

    public async Task<JsonElement> CallAsync(string method, string args = "[]") => await ResultAsync(await SendAsync(method, args));

    /// <summary>The error, which must not cost the connection.</summary>
    public async Task<(int Code, string Message)> ErrorAsync(string method, string args = "[]")
    {
        int id = await SendAsync(method, args);
        while (!_replies.ContainsKey(id)) await ReceiveAsync();
        _replies.Remove(id, out string? line);
        return StrictReply.Error(line, $"{id}");
    }

    public async Task<JsonElement> NotificationAsync(string method)
    {
        while (Notifications.Count == 0) await ReceiveAsync();
        (string told, JsonElement parameters) = Notifications.Dequeue();
        told.ShouldBe(method);
        return parameters;
    }

    private string Write(string method, string args, out int id)
    {
        id = _nextId++;
        _waiting.Add(id, method);
        return style.Write(id, method, args) + "\n";
    }

    private async Task ReceiveAsync()
    {
        string line = (await connection.ReadLineAsync()).ShouldNotBeNull("the server closed the connection");
        JsonElement message = JsonElement.Parse(line);
        if (message.TryGetProperty("method", out JsonElement method))
        {
            JsonElement parameters = StrictReply.Notification(line, method.GetString()!);
            _subscribed.ShouldContain(method.GetString()!, "a notification that was not asked for");
            Notifications.Enqueue((method.GetString()!, parameters));
            return;
        }

        int id = message.GetProperty("id").GetInt32();
        _waiting.Remove(id, out string? request).ShouldBeTrue($"a reply to an unknown id: {line}");
        if (request!.EndsWith(".subscribe", StringComparison.Ordinal) && request != "server.peers.subscribe") _subscribed.Add(request);
        _replies.Add(id, line);
    }
}
