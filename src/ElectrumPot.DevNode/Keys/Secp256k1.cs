// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Numerics;

namespace ElectrumPot.Simulation;

/// <summary>
/// The curve of Bitcoin's signatures (SEC 2), as far as making deterministic signatures needs it. Neither constant
/// time nor fast: the keys of a simulation are public.
/// </summary>
internal static class Secp256k1
{
    private const int Windows = 64;
    private const int WindowSize = 16;

    public static readonly BigInteger P = Parse("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F");

    public static readonly BigInteger N = Parse("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141");

    private static readonly AffinePoint Generator = new(
        Parse("79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798"),
        Parse("483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8"));

    /// <summary>Multiples 1 to 15 of the generator times 16^window: a product costs 64 additions and no doubling.</summary>
    private static readonly AffinePoint[] Table = MakeTable();

    public readonly record struct AffinePoint(BigInteger X, BigInteger Y);

    private readonly record struct JacobianPoint(BigInteger X, BigInteger Y, BigInteger Z)
    {
        public bool IsInfinity => Z.IsZero;
    }

    /// <param name="scalar">From 1 to N - 1.</param>
    public static AffinePoint MultiplyGenerator(BigInteger scalar)
    {
        var sum = new JacobianPoint(BigInteger.One, BigInteger.One, BigInteger.Zero);
        for (int window = 0; window < Windows; window++)
        {
            int digit = (int)((scalar >> (4 * window)) & (WindowSize - 1));
            if (digit != 0)
                sum = Add(sum, Table[(window * (WindowSize - 1)) + digit - 1]);
        }

        return ToAffine(sum);
    }

    public static BigInteger Invert(BigInteger value, BigInteger modulus) => BigInteger.ModPow(value, modulus - 2, modulus);

    /// <summary>The y of a compressed key; null when no point has this x.</summary>
    public static BigInteger? SolveY(BigInteger x, bool odd)
    {
        BigInteger square = Mod((x * x * x) + 7);
        BigInteger y = BigInteger.ModPow(square, (P + 1) / 4, P);
        if (Mod(y * y) != square) return null;
        return y.IsEven == odd ? P - y : y;
    }

    public static byte[] ToBytes(BigInteger value)
    {
        var bytes = new byte[32];
        int length = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(bytes.AsSpan(32 - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    public static BigInteger FromBytes(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static AffinePoint[] MakeTable()
    {
        var table = new AffinePoint[Windows * (WindowSize - 1)];
        AffinePoint unit = Generator;
        for (int window = 0; window < Windows; window++)
        {
            var multiple = new JacobianPoint(unit.X, unit.Y, BigInteger.One);
            for (int digit = 1; digit < WindowSize; digit++)
            {
                table[(window * (WindowSize - 1)) + digit - 1] = ToAffine(multiple);
                multiple = Add(multiple, unit);
            }

            unit = ToAffine(multiple);
        }

        return table;
    }

    private static JacobianPoint Add(JacobianPoint left, AffinePoint right)
    {
        if (left.IsInfinity)
            return new JacobianPoint(right.X, right.Y, BigInteger.One);
        BigInteger zz = Mod(left.Z * left.Z);
        BigInteger h = Mod((right.X * zz) - left.X);
        BigInteger r = Mod((right.Y * Mod(left.Z * zz)) - left.Y);
        if (h.IsZero)
            return r.IsZero ? Double(left) : new JacobianPoint(BigInteger.One, BigInteger.One, BigInteger.Zero);
        BigInteger hh = Mod(h * h);
        BigInteger hhh = Mod(h * hh);
        BigInteger v = Mod(left.X * hh);
        BigInteger x = Mod((r * r) - hhh - (2 * v));
        return new JacobianPoint(x, Mod((r * (v - x)) - (left.Y * hhh)), Mod(left.Z * h));
    }

    private static JacobianPoint Double(JacobianPoint point)
    {
        BigInteger a = Mod(point.X * point.X);
        BigInteger b = Mod(point.Y * point.Y);
        BigInteger c = Mod(b * b);
        BigInteger d = Mod(2 * (((point.X + b) * (point.X + b)) - a - c));
        BigInteger e = 3 * a;
        BigInteger x = Mod((e * e) - (2 * d));
        return new JacobianPoint(x, Mod((e * (d - x)) - (8 * c)), Mod(2 * point.Y * point.Z));
    }

    private static AffinePoint ToAffine(JacobianPoint point)
    {
        BigInteger inverse = Invert(point.Z, P);
        BigInteger square = Mod(inverse * inverse);
        return new AffinePoint(Mod(point.X * square), Mod(point.Y * Mod(square * inverse)));
    }

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger rest = BigInteger.Remainder(value, P);
        return rest.Sign < 0 ? rest + P : rest;
    }

    private static BigInteger Parse(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
