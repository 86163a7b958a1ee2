// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace ElectrumPot.Simulation;

/// <summary>The parameters of one call; a wrong type is the error that json_spirit gives.</summary>
internal readonly struct RpcParams(JsonElement array)
{
    public int Count => array.ValueKind == JsonValueKind.Array ? array.GetArrayLength() : 0;

    public string String(int index) => Expect(index, "str").GetString()!;

    public long Int(int index)
    {
        JsonElement value = Expect(index, "int");
        return value.TryGetInt64(out long number) ? number : throw new RpcException(RpcException.Misc, "value is type real, expected int");
    }

    public bool Bool(int index) => Expect(index, "bool").GetBoolean();

    private JsonElement Expect(int index, string type)
    {
        JsonElement value = array[index];
        string actual = value.ValueKind switch
        {
            JsonValueKind.Object => "obj",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "str",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Number => value.TryGetInt64(out _) ? "int" : "real",
            _ => "null",
        };
        return actual == type ? value : throw new RpcException(RpcException.Misc, $"value is type {actual}, expected {type}");
    }
}
