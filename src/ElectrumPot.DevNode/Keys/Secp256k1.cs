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
    private static readonly TablePoint[] Table = MakeTable();

    public readonly record struct AffinePoint(BigInteger X, BigInteger Y);

    private readonly record struct TablePoint(FieldElement X, FieldElement Y);

    /// <summary>Stands for (X / Z^2, Y / Z^3); Z is zero at infinity.</summary>
    private readonly record struct JacobianPoint(FieldElement X, FieldElement Y, FieldElement Z)
    {
        public bool IsInfinity => Z.IsZero;
    }

    /// <param name="scalar">From 1 to N - 1.</param>
    public static AffinePoint MultiplyGenerator(BigInteger scalar)
    {
        JacobianPoint sum = default;
        for (int window = 0; window < Windows; window++)
        {
            int digit = (int)((scalar >> (4 * window)) & (WindowSize - 1));
            if (digit != 0)
                sum = Add(sum, Table[(window * (WindowSize - 1)) + digit - 1]);
        }

        TablePoint product = ToAffine(sum);
        return new AffinePoint(product.X.ToBigInteger(), product.Y.ToBigInteger());
    }

    /// <summary>Modulo N, by Euclid: half the price of the power that Fermat offers.</summary>
    public static BigInteger InvertScalar(BigInteger value)
    {
        (BigInteger a, BigInteger b) = (N, value);
        (BigInteger x, BigInteger y) = (BigInteger.Zero, BigInteger.One);
        while (!b.IsOne)
        {
            BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
            (a, b) = (b, rest);
            (x, y) = (y, x - (quotient * y));
        }

        return y.Sign < 0 ? y + N : y;
    }

    /// <summary>The y of a compressed key; null when no point has this x.</summary>
    public static BigInteger? SolveY(BigInteger x, bool odd)
    {
        BigInteger square = ((x * x * x) + 7) % P;
        BigInteger y = BigInteger.ModPow(square, (P + 1) / 4, P);
        if (y * y % P != square) return null;
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

    private static TablePoint[] MakeTable()
    {
        var table = new TablePoint[Windows * (WindowSize - 1)];
        var unit = new TablePoint(new FieldElement(Generator.X), new FieldElement(Generator.Y));
        for (int window = 0; window < Windows; window++)
        {
            var multiple = new JacobianPoint(unit.X, unit.Y, FieldElement.One);
            for (int digit = 1; digit < WindowSize; digit++)
            {
                table[(window * (WindowSize - 1)) + digit - 1] = ToAffine(multiple);
                multiple = Add(multiple, unit);
            }

            unit = ToAffine(multiple);
        }

        return table;
    }

    private static JacobianPoint Add(JacobianPoint left, TablePoint right)
    {
        if (left.IsInfinity)
            return new JacobianPoint(right.X, right.Y, FieldElement.One);
        FieldElement zz = left.Z * left.Z;
        FieldElement h = (right.X * zz) - left.X;
        FieldElement r = (right.Y * (left.Z * zz)) - left.Y;
        if (h.IsZero)
            return r.IsZero ? Double(left) : default;
        FieldElement hh = h * h;
        FieldElement hhh = h * hh;
        FieldElement v = left.X * hh;
        FieldElement x = (r * r) - hhh - v - v;
        return new JacobianPoint(x, (r * (v - x)) - (left.Y * hhh), left.Z * h);
    }

    private static JacobianPoint Double(JacobianPoint point)
    {
        FieldElement a = point.X * point.X;
        FieldElement b = point.Y * point.Y;
        FieldElement c = b * b;
        FieldElement sum = point.X + b;
        FieldElement half = (sum * sum) - a - c;
        FieldElement d = half + half;
        FieldElement e = a + a + a;
        FieldElement x = (e * e) - d - d;
        FieldElement c2 = c + c;
        FieldElement c4 = c2 + c2;
        FieldElement yz = point.Y * point.Z;
        return new JacobianPoint(x, (e * (d - x)) - c4 - c4, yz + yz);
    }

    private static TablePoint ToAffine(JacobianPoint point)
    {
        FieldElement inverse = point.Z.Invert();
        FieldElement square = inverse * inverse;
        return new TablePoint(point.X * square, point.Y * (square * inverse));
    }

    private static BigInteger Parse(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
