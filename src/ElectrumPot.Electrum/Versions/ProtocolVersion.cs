// SPDX-License-Identifier: MIT

using System.Globalization;

namespace ElectrumPot.Electrum.Versions;

/// <summary>
/// Version of the Electrum protocol: dotted whole numbers compared one by one, so 0.9 &lt; 0.10 &lt; 1.0 and
/// 1.4 = 1.4.0 (protocol, "Version negotiation").
/// </summary>
public readonly record struct ProtocolVersion(int Major, int Minor, int Patch = 0) : IComparable<ProtocolVersion>
{
    private const int MaxPart = 999;

    public static readonly ProtocolVersion V0_8 = new(0, 8);
    public static readonly ProtocolVersion V0_9 = new(0, 9);
    public static readonly ProtocolVersion V0_10 = new(0, 10);
    public static readonly ProtocolVersion V1_0 = new(1, 0);
    public static readonly ProtocolVersion V1_1 = new(1, 1);
    public static readonly ProtocolVersion V1_2 = new(1, 2);
    public static readonly ProtocolVersion V1_3 = new(1, 3);
    public static readonly ProtocolVersion V1_4 = new(1, 4);
    public static readonly ProtocolVersion V1_4_1 = new(1, 4, 1);
    public static readonly ProtocolVersion V1_4_2 = new(1, 4, 2);
    public static readonly ProtocolVersion V1_4_3 = new(1, 4, 3);
    public static readonly ProtocolVersion V1_6 = new(1, 6);
    public static readonly ProtocolVersion V1_7 = new(1, 7);

    /// <summary>All versions that were ever defined and are served, oldest first. 1.5 never was.</summary>
    public static IReadOnlyList<ProtocolVersion> Served { get; } =
        [V0_8, V0_9, V0_10, V1_0, V1_1, V1_2, V1_3, V1_4, V1_4_1, V1_4_2, V1_4_3, V1_6, V1_7];

    public static ProtocolVersion Oldest => Served[0];

    public static ProtocolVersion Newest => Served[^1];

    /// <summary>One to three whole numbers with dots between; one number alone, <c>1</c>, is 1.0.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ProtocolVersion version)
    {
        version = default;
        Span<Range> parts = stackalloc Range[4];
        int count = text.Split(parts, '.');
        if (count > 3) return false;
        Span<int> numbers = stackalloc int[3];
        numbers.Clear();
        for (int i = 0; i < count; i++)
        {
            if (!int.TryParse(text[parts[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > MaxPart)
                return false;
        }

        version = new ProtocolVersion(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    public int CompareTo(ProtocolVersion other) => Key.CompareTo(other.Key);

    /// <summary>The canonical text: <c>1.4</c>, never <c>1.4.0</c>.</summary>
    public override string ToString() => Patch == 0 ? $"{Major}.{Minor}" : $"{Major}.{Minor}.{Patch}";

    private int Key => (((Major * (MaxPart + 1)) + Minor) * (MaxPart + 1)) + Patch;

    public static bool operator <(ProtocolVersion left, ProtocolVersion right) => left.Key < right.Key;

    public static bool operator <=(ProtocolVersion left, ProtocolVersion right) => left.Key <= right.Key;

    public static bool operator >(ProtocolVersion left, ProtocolVersion right) => left.Key > right.Key;

    public static bool operator >=(ProtocolVersion left, ProtocolVersion right) => left.Key >= right.Key;
}
