// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ElectrumPot.Electrum.Wire;

/// <summary>
/// The arguments of a request, by position or by the documented names; null counts as absent. Each reader returns the
/// error for the wallet when the argument is not of the wanted kind.
/// </summary>
public readonly ref struct RpcParams
{
    public const int MaxCount = 4;

    private readonly ReadOnlySpan<byte> _json;
    private readonly IReadOnlyList<string> _names;
    private readonly Slots _slots;

    private RpcParams(ReadOnlySpan<byte> json, IReadOnlyList<string> names, Slots slots)
    {
        _json = json;
        _names = names;
        _slots = slots;
    }

    /// <param name="json">Syntactically right: an array, an object, or empty.</param>
    /// <param name="names">Of the method's arguments, in their order.</param>
    /// <param name="ignoresExtra">Whether unknown and surplus arguments are passed over.</param>
    public static RpcError? Read(ReadOnlySpan<byte> json, IReadOnlyList<string> names, bool ignoresExtra, out RpcParams arguments)
    {
        arguments = default;
        Slots slots = default;
        if (!json.IsEmpty)
        {
            var reader = new Utf8JsonReader(json, RpcRequest.ReaderOptions);
            reader.Read();
            RpcError? wrong = reader.TokenType == JsonTokenType.StartArray
                ? ReadPositions(ref reader, names, ignoresExtra, ref slots)
                : ReadNames(ref reader, names, ignoresExtra, ref slots);
            if (wrong is not null) return wrong;
        }

        arguments = new RpcParams(json, names, slots);
        return null;
    }

    public bool Has(int index) => _slots[index].Type is not (JsonTokenType.None or JsonTokenType.Null);

    public JsonTokenType TypeOf(int index) => _slots[index].Type;

    /// <summary>The JSON text of an argument; empty when absent.</summary>
    public ReadOnlySpan<byte> Raw(int index) => _json.Slice(_slots[index].Start, _slots[index].Length);

    /// <summary>A string, unescaped.</summary>
    public RpcError? ReadString(int index, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!Has(index)) return Missing(index);
        if (TypeOf(index) != JsonTokenType.String) return Wrong(index, "a string");
        ReadOnlySpan<byte> raw = Raw(index);
        utf8 = raw[1..^1];
        if (!utf8.Contains((byte)'\\')) return null;
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var unescaped = new byte[raw.Length];
        try
        {
            utf8 = unescaped.AsSpan(0, reader.CopyString(unescaped));
            return null;
        }
        catch (Exception failure) when (RpcRequest.IsSyntaxError(failure))
        {
            return Wrong(index, "valid text");
        }
    }

    /// <summary>A whole number of 0 and above.</summary>
    public RpcError? ReadNatural(int index, out int value)
    {
        value = 0;
        if (!Has(index)) return Missing(index);
        ReadOnlySpan<byte> raw = Raw(index);
        if (TypeOf(index) == JsonTokenType.Number)
        {
            if (Utf8Parser.TryParse(raw, out value, out int used) && used == raw.Length && value >= 0) return null;

            // Some languages know only floating point and write 5.0.
            if (Utf8Parser.TryParse(raw, out double real, out used) && used == raw.Length
                && real is >= 0 and <= int.MaxValue && Math.Floor(real) == real)
            {
                value = (int)real;
                return null;
            }
        }

        return Wrong(index, "a whole number from 0 to 2147483647");
    }

    /// <returns>The default when absent.</returns>
    public RpcError? ReadNatural(int index, int absent, out int value)
    {
        value = absent;
        return Has(index) ? ReadNatural(index, out value) : null;
    }

    /// <summary>A whole number of -1 and above.</summary>
    /// <returns>The default when absent.</returns>
    public RpcError? ReadNaturalOrMinusOne(int index, int absent, out int value)
    {
        value = -1;
        return TypeOf(index) == JsonTokenType.Number && Raw(index).SequenceEqual("-1"u8) ? null : ReadNatural(index, absent, out value);
    }

    /// <returns>The default when absent.</returns>
    public RpcError? ReadBoolean(int index, bool absent, out bool value)
    {
        value = TypeOf(index) == JsonTokenType.True || (absent && !Has(index));
        return !Has(index) || TypeOf(index) is JsonTokenType.True or JsonTokenType.False ? null : Wrong(index, "true or false");
    }

    public RpcError Missing(int index) => RpcError.InvalidParams($"the argument {_names[index]} is missing");

    public RpcError Wrong(int index, string wanted) => RpcError.InvalidParams($"the argument {_names[index]} must be {wanted}");

    private static RpcError? ReadPositions(scoped ref Utf8JsonReader reader, IReadOnlyList<string> names, bool ignoresExtra, ref Slots slots)
    {
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i < names.Count)
                slots[i] = ReadSlot(ref reader);
            else if (ignoresExtra)
                reader.Skip();
            else
                return RpcError.InvalidParams(names.Count == 0 ? "the method takes no arguments" : $"too many arguments, at most {names.Count}");
        }

        return null;
    }

    private static RpcError? ReadNames(scoped ref Utf8JsonReader reader, IReadOnlyList<string> names, bool ignoresExtra, ref Slots slots)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int index = IndexOf(ref reader, names);
            reader.Read();
            if (index >= 0)
                slots[index] = ReadSlot(ref reader);
            else if (ignoresExtra)
                reader.Skip();
            else
                return RpcError.InvalidParams(names.Count == 0 ? "the method takes no arguments" : $"unknown argument; known are {string.Join(", ", names)}");
        }

        return null;
    }

    private static int IndexOf(scoped ref Utf8JsonReader reader, IReadOnlyList<string> names)
    {
        try
        {
            for (int i = 0; i < names.Count; i++)
            {
                if (reader.ValueTextEquals(names[i])) return i;
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in the name: it is none of ours.
        }

        return -1;
    }

    private static Slot ReadSlot(scoped ref Utf8JsonReader reader)
    {
        JsonTokenType type = reader.TokenType;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new Slot(type, start, (int)reader.BytesConsumed - start);
    }

    private readonly record struct Slot(JsonTokenType Type, int Start, int Length);

    [InlineArray(MaxCount)]
    private struct Slots
    {
        private Slot _first;
    }
}
