// SPDX-License-Identifier: MIT

using System.Text.Json;
using System.Text.Unicode;

namespace ElectrumPot.Tests.Electrum.Fuzz;

/// <summary>
/// Says what ids the lines of a session have to be answered with, by reading them with another reader than the server's.
/// Of doubled members the last counts.
/// </summary>
internal sealed class ReplyOracle
{
    private const string NoId = "null";

    /// <summary>Nesting up to here has to be understood; beyond <see cref="TooDeep"/> it may not be.</summary>
    private const int DeepEnough = 24;

    private const int TooDeep = 64;

    private readonly Dictionary<string, int> _owed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _allowed = new(StringComparer.Ordinal);

    /// <summary>Whether some line may have ended the session without a reply that says why.</summary>
    public bool MayEnd { get; private set; }

    /// <summary>Whether some line may have changed the version.</summary>
    public bool MayNegotiate { get; private set; }

    public int Owed { get; private set; }

    public void Expect(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty) return;
        MayEnd |= line.SequenceEqual("quit"u8);
        if (!Utf8.IsValid(line) || !TryParse(line, TooDeep, out JsonElement json))
        {
            Owe(NoId);
            return;
        }

        // Half a surrogate pair is no text, yet no error of syntax: the server may take it for either.
        bool isDoubtful = line.IndexOf("\\ud"u8) >= 0 || line.IndexOf("\\uD"u8) >= 0 || !TryParse(line, DeepEnough, out _);
        if (isDoubtful) Allow(NoId);
        if (json.ValueKind != JsonValueKind.Array)
        {
            Expect(json, isDoubtful);
            return;
        }

        if (json.GetArrayLength() == 0) Owe(NoId);
        foreach (JsonElement member in json.EnumerateArray())
            Expect(member, isDoubtful);
    }

    /// <summary>Owes one reply to exactly that id.</summary>
    public void Owe(string id)
    {
        _owed[id] = _owed.GetValueOrDefault(id) + 1;
        Owed++;
    }

    /// <returns>False when nothing of what was sent accounts for such a reply.</returns>
    public bool Settle(string id)
    {
        if (_owed.GetValueOrDefault(id) > 0)
        {
            _owed[id]--;
            Owed--;
            return true;
        }

        if (_allowed.GetValueOrDefault(id) == 0) return false;
        _allowed[id]--;
        return true;
    }

    public override string ToString() => string.Join(' ', _owed.Where(pair => pair.Value > 0).Select(pair => pair.Key));

    private void Allow(string id) => _allowed[id] = _allowed.GetValueOrDefault(id) + 1;

    private void Expect(JsonElement request, bool isDoubtful)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            if (isDoubtful) Allow(NoId);
            else Owe(NoId);
            return;
        }

        string id = NoId;
        bool negotiates = false;
        foreach (JsonProperty member in request.EnumerateObject())
        {
            if (IsNamed(member, "id")) id = member.Value.GetRawText();
            if (IsNamed(member, "method")) negotiates |= IsNegotiation(member.Value);
        }

        MayNegotiate |= negotiates;
        MayEnd |= negotiates && (isDoubtful || id == NoId);

        if (isDoubtful || id == NoId) Allow(id);
        else Owe(id);
    }

    private static bool IsNamed(JsonProperty member, string name)
    {
        try
        {
            return member.Name == name;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsNegotiation(JsonElement method)
    {
        try
        {
            return method.ValueKind == JsonValueKind.String && method.GetString() == "server.version";
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> line, int depth, out JsonElement json)
    {
        json = default;
        try
        {
            json = JsonElement.Parse(line, new JsonDocumentOptions { MaxDepth = depth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
