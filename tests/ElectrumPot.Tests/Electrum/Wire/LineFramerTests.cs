// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Text;
using ElectrumPot.Electrum.Wire;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Wire;

public sealed class LineFramerTests
{
    [Fact]
    public void Any_way_of_cutting_the_stream_gives_the_same_lines()
    {
        Gen<(string Text, int[] Cuts)> streams =
            from lines in ArbMap.Default.GeneratorFor<string[]>()
            from cuts in ArbMap.Default.GeneratorFor<int[]>()
            select (string.Concat(lines.Select(line => $"{line}\n")), cuts);
        Prop.ForAll(streams.ToArbitrary(), stream =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(stream.Text);
            int[] cuts = [.. stream.Cuts.Select(cut => (int)((uint)cut % (bytes.Length + 1))).Order(), bytes.Length];
            string[] expected = bytes.Length == 0 ? [] : stream.Text[..^1].Split('\n');
            ReadInPieces(bytes, cuts).ShouldBe(expected.Select(line => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line))));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_line_of_the_allowed_length_passes_and_a_longer_one_does_not()
    {
        var framer = new LineFramer(4);
        var buffer = new ReadOnlySequence<byte>("1234\n12345\n"u8.ToArray());
        framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line).ShouldBeTrue();
        line.Length.ShouldBe(4);
        framer.TryReadLine(ref buffer, out _).ShouldBeFalse();
        framer.IsTooLong.ShouldBeTrue();
    }

    [Fact]
    public void A_line_without_end_is_too_long_as_soon_as_it_passes_the_limit()
    {
        var framer = new LineFramer(4);
        var buffer = new ReadOnlySequence<byte>("1234"u8.ToArray());
        framer.TryReadLine(ref buffer, out _).ShouldBeFalse();
        framer.IsTooLong.ShouldBeFalse();
        buffer = new ReadOnlySequence<byte>("12345"u8.ToArray());
        framer.TryReadLine(ref buffer, out _).ShouldBeFalse();
        framer.IsTooLong.ShouldBeTrue();
    }

    private static List<string> ReadInPieces(byte[] bytes, int[] cuts)
    {
        var framer = new LineFramer(int.MaxValue);
        var lines = new List<string>();
        int taken = 0;
        foreach (int cut in cuts)
        {
            ReadOnlySequence<byte> buffer = Segments.Of(bytes.AsMemory(taken..cut), cuts);
            long before = buffer.Length;
            while (framer.TryReadLine(ref buffer, out ReadOnlySequence<byte> line))
                lines.Add(Encoding.UTF8.GetString(line));
            taken += (int)(before - buffer.Length);
        }

        return lines;
    }

    private sealed class Segments : ReadOnlySequenceSegment<byte>
    {
        /// <summary>The same bytes in several segments.</summary>
        public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> bytes, int[] cuts)
        {
            var first = new Segments { Memory = bytes[..(bytes.Length / 2)] };
            ReadOnlyMemory<byte> rest = bytes[(bytes.Length / 2)..];
            int third = rest.Length == 0 ? 0 : cuts.Length % rest.Length;
            var second = new Segments { Memory = rest[..third], RunningIndex = first.Memory.Length };
            var last = new Segments { Memory = rest[third..], RunningIndex = first.Memory.Length + third };
            first.Next = second;
            second.Next = last;
            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
