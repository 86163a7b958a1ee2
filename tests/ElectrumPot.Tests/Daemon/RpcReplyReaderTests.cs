// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Daemon;
using ElectrumPot.Daemon.Rpc;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon;

public sealed class RpcReplyReaderTests
{
    [Fact]
    public void Answers_are_matched_by_id_in_whatever_order_they_come()
    {
        byte[] reply = """[{"id":1,"result":{"a":[1,2]},"error":null},{"error":{"message":"no","code":-5},"id":0,"result":null}]"""u8.ToArray();

        RpcAnswer[] answers = RpcReplyReader.Read(reply, 2);

        answers[0].Error.ShouldBe(new RpcError(-5, "no"));
        Encoding.UTF8.GetString(reply, answers[1].Start, answers[1].Length).ShouldBe("""{"a":[1,2]}""");
        answers[1].Error.ShouldBeNull();
    }

    [Fact]
    public void Doubled_keys_do_not_throw()
    {
        RpcAnswer[] answers = RpcReplyReader.Read("""[{"id":9,"id":0,"result":1,"result":22,"error":null,"error":null}]"""u8, 1);

        answers[0].Length.ShouldBe(2, "the last one counts");
    }

    [Fact]
    public void The_refusal_of_a_whole_request_answers_every_call()
    {
        RpcAnswer[] answers = RpcReplyReader.Read("""{"result":null,"error":{"code":-32700,"message":"Parse error"},"id":null}"""u8, 3);

        answers.ShouldAllBe(answer => answer.Error == new RpcError(-32700, "Parse error"));
    }

    [Fact]
    public void A_message_that_is_not_utf8_is_shown_as_well_as_it_can_be()
    {
        byte[] reply = [.. "[{\"id\":0,\"error\":{\"code\":-1,\"message\":\"caf"u8, 0xe9, .. "\"}}]"u8];

        RpcReplyReader.Read(reply, 1)[0].Error.ShouldBe(new RpcError(-1, "caf\ufffd"));
    }

    [Fact]
    public void Damaged_replies_fail_in_a_known_way()
    {
        byte[] good = """[{"result":"00ff","error":null,"id":0},{"result":null,"error":{"code":-5,"message":"x"},"id":1},{"result":[1,{"a":2}],"error":null,"id":2}]"""u8.ToArray();
        Gen<byte[]> damaged =
            from position in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, good.Length)
            from value in Gen.Choose(0, 255)
            select Damage(good, position, (byte)value, length);

        Prop.ForAll(damaged.ToArbitrary(), reply =>
        {
            try
            {
                RpcReplyReader.Read(reply, 3).ShouldAllBe(answer => answer.Start + answer.Length <= reply.Length);
            }
            catch (Exception error) when (error is JsonException or MalformedReplyException)
            {
                // Known ways.
            }
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Damage(byte[] good, int position, byte value, int length)
    {
        byte[] bytes = good.ToArray();
        bytes[position] = value;
        return bytes[..length];
    }
}
