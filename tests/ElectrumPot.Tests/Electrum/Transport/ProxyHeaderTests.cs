// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Net;
using System.Text;
using ElectrumPot.Electrum.Limits;
using ElectrumPot.Electrum.Transport;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Transport;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7:56324")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::7 ::1 1 0\r\n", "[2001:db8::7]:1")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "[::ffff:192.0.2.7]:1")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void Version_1_tells_the_client(string header, string? client)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(header), .. "{\"id\":1}"u8];
        Read(bytes, out int end, out IPEndPoint? found).ShouldBe(ProxyHeaderStatus.Complete);
        end.ShouldBe(header.Length);
        found?.ToString().ShouldBe(client);
    }

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7  198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 ::1 1 443\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 ::1 1 443\r\n")]
    [InlineData("PROXY TCP6 [::1] [::1] 1 443\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 198.51.100.1 1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 1 443xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void What_only_begins_like_version_1_is_malformed(string text) =>
        Read(Encoding.ASCII.GetBytes(text), out _, out _).ShouldBe(ProxyHeaderStatus.Malformed);

    [Theory]
    [InlineData("{\"id\":1,\"method\":\"server.version\"}\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("POST / HTTP/1.0\r\n\r\n")]
    [InlineData("PROXI")]
    [InlineData("\r\n\r\nX")]
    [InlineData("\x16\x03\x01")]
    public void What_does_not_begin_like_a_header_is_none(string text) =>
        Read(Encoding.Latin1.GetBytes(text), out int end, out _).ShouldBe(end == 0 ? ProxyHeaderStatus.Absent : ProxyHeaderStatus.Complete);

    [Fact]
    public void Version_2_tells_the_client_and_extensions_are_passed_over()
    {
        byte[] v4 = V2(0x21, 0x11, [192, 0, 2, 7, 198, 51, 100, 1, 0xDC, 0x04, 0x01, 0xBB, 0x03, 0x00, 0x04, 1, 2, 3, 4]);
        Read([.. v4, 1, 2, 3], out int end, out IPEndPoint? client).ShouldBe(ProxyHeaderStatus.Complete);
        end.ShouldBe(v4.Length);
        client!.ToString().ShouldBe("192.0.2.7:56324");

        byte[] source = IPAddress.Parse("2001:db8::7").GetAddressBytes();
        Read(V2(0x21, 0x21, [.. source, .. source, 0, 9, 1, 0xBB]), out _, out client).ShouldBe(ProxyHeaderStatus.Complete);
        client!.ToString().ShouldBe("[2001:db8::7]:9");
    }

    [Theory]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x21, 0x00, 0)]
    [InlineData(0x21, 0x00, 40)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0x12, 12)]
    public void A_proxy_that_speaks_for_itself_or_does_not_know_names_nobody(byte command, byte family, int length)
    {
        Read(V2(command, family, new byte[length]), out int end, out IPEndPoint? client).ShouldBe(ProxyHeaderStatus.Complete);
        end.ShouldBe(16 + length);
        client.ShouldBeNull();
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 4_097)]
    public void Version_2_with_another_version_too_little_or_too_much_is_malformed(byte command, byte family, int length) =>
        Read(V2(command, family, new byte[length]), out _, out _).ShouldBe(ProxyHeaderStatus.Malformed);

    /// <summary>Any bytes, whole or cut anywhere: an answer, never an exception, and the same however they are cut.</summary>
    [Fact]
    public void Any_bytes_get_the_same_answer_in_one_piece_and_in_many()
    {
        byte[][] beginnings = [[], Signature, [.. Signature, 0x21, 0x11, 0, 12], [.. Signature, 0x21, 0x21, 0, 36], .. new[] { "PROXY ", "PROXY TCP4 ", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP6 ::1 ::" }.Select(Encoding.ASCII.GetBytes)];
        Prop.ForAll(
            (from beginning in Gen.Elements(beginnings)
             from rest in Gen.ListOf(Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(10, 13, 32, 46, 58, 49, 0)))
             from cut in Gen.Choose(1, 20)
             select (Bytes: (byte[])[.. beginning, .. rest.Select(value => (byte)value)], Cut: cut)).ToArbitrary(),
            input =>
            {
                ProxyHeaderStatus whole = Read(input.Bytes, out int end, out IPEndPoint? client);
                ProxyHeaderStatus pieces = ProxyHeader.Read(Cut(input.Bytes, input.Cut), out _, out IPEndPoint? same);
                pieces.ShouldBe(whole);
                same.ShouldBe(client);

                // Growing byte by byte, the answer is incomplete until it is final.
                for (int length = 0; length <= input.Bytes.Length; length++)
                {
                    ProxyHeaderStatus status = Read(input.Bytes[..length], out int at, out _);
                    if (status == ProxyHeaderStatus.Incomplete) continue;
                    status.ShouldBe(whole);
                    if (status == ProxyHeaderStatus.Complete) at.ShouldBe(end);
                    break;
                }

                return true;
            }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("10.0.0.1", "192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "1.1.1.1, 192.0.2.7, 10.0.0.2", "192.0.2.7")]
    [InlineData("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("10.0.0.1", "192.0.2.7:1234", "192.0.2.7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "192.0.2.7, garbage", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("192.0.2.9", "192.0.2.7", "192.0.2.9")]
    public void The_rightmost_address_that_is_no_proxy_counts_and_only_a_proxy_is_believed(string connection, string header, string client) =>
        ForwardedFor.FindClient(new IPEndPoint(IPAddress.Parse(connection), 1), [header], AddressList.Parse("10.0.0.0/8"))
            .Address.ShouldBe(IPAddress.Parse(client));

    private static byte[] V2(byte command, byte family, byte[] body) => [.. Signature, command, family, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static ProxyHeaderStatus Read(byte[] bytes, out int end, out IPEndPoint? client)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        ProxyHeaderStatus status = ProxyHeader.Read(buffer, out SequencePosition position, out client);
        end = (int)buffer.Slice(0, position).Length;
        return status;
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, null);
        Piece last = first;
        for (int at = 0; at < bytes.Length; at += size)
            last = new Piece(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
