// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Tests.Daemon;

/// <summary>Answers of a real node, recorded call by call. The client asks in batches; the answers are put together.</summary>
internal sealed class RecordedNode
{
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Request, string Reply)> _named = new(StringComparer.Ordinal);

    public RecordedNode(string version)
    {
        // In the order in which they were recorded: later numbers ask some calls again, of a changed node.
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data", "rpc-samples", version))
            .OrderBy(file => int.Parse(Path.GetFileName(file).Split('-')[0], System.Globalization.CultureInfo.InvariantCulture));
        foreach (string file in files)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            string request = document.RootElement.GetProperty("request").GetProperty("body").GetString()!;
            string reply = document.RootElement.GetProperty("response").GetProperty("body").GetString()!;
            _named[document.RootElement.GetProperty("name").GetString()!] = (request, reply);
            if (request.StartsWith('{') && request.EndsWith('}'))
                _answers.TryAdd(Key(JsonDocument.Parse(request).RootElement), WithoutId(reply));
        }
    }

    /// <summary>The members of an answer but its id.</summary>
    public string Answer(RpcCall call) => _answers.GetValueOrDefault($"{call.Method} {call.Params.GetRawText()}")
        ?? throw new InvalidOperationException($"not recorded: {call.Method} {call.Params.GetRawText()}");

    public string ReplyOf(string name) => WithoutId(_named[name].Reply);

    /// <summary>A string parameter of a recorded call.</summary>
    public string ParameterOf(string name)
    {
        using JsonDocument request = JsonDocument.Parse(_named[name].Request);
        return request.RootElement.GetProperty("params")[0].GetString()!;
    }

    public JsonElement ResultOf(string name)
    {
        using JsonDocument reply = JsonDocument.Parse(_named[name].Reply);
        return reply.RootElement.GetProperty("result").Clone();
    }

    private static string Key(JsonElement request) =>
        $"{request.GetProperty("method").GetString()} {ParamsOf(request)}";

    /// <summary>Some calls were recorded without the member.</summary>
    private static string ParamsOf(JsonElement request) =>
        request.TryGetProperty("params", out JsonElement parameters) ? parameters.GetRawText().Replace(" ", "", StringComparison.Ordinal) : "[]";

    private static string WithoutId(string reply)
    {
        int id = reply.LastIndexOf(",\"id\"", StringComparison.Ordinal);
        return id < 0 ? reply : reply[1..id];
    }
}
