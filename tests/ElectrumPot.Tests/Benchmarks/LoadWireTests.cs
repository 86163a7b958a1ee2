// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Json;
using ElectrumPot.Benchmarks.Serving.Load;
using ElectrumPot.Chain.Primitives;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Benchmarks;

public sealed class LoadWireTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":10007,"result":null}""", 10_007, "null")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"result":{"a":[1]}}""", 3, """{"a":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"error":{"code":1,"message":"no"}}""", 3, "")]
    [InlineData("""{"jsonrpc":"2.0","id":3,"result":"cut off""", 3, "")]
    [InlineData("""{"jsonrpc":"2.0","id":"3","result":1}""", -1, "")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{}}""", -1, "")]
    [InlineData("""{"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[]}""", -1, "")]
    [InlineData("", -1, "")]
    public void A_reply_is_a_result_or_it_is_an_error(string line, int id, string result)
    {
        ReplyLine reply = ReplyLine.Read(Encoding.UTF8.GetBytes(line));
        reply.Id.ShouldBe(id);
        Encoding.UTF8.GetString(reply.Result).ShouldBe(result);
        reply.IsNotification.ShouldBe(line.Contains("method", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public void Lines_are_cut_however_they_arrive(int piece)
    {
        string[] lines = [.. Enumerable.Range(0, 500).Select(i => new string((char)('a' + (i % 26)), i * 7 % 400))];
        byte[] bytes = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\nrest");
        var input = new LineInput(capacity: 16);
        var taken = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            Memory<byte> free = input.Free();
            int count = Math.Min(Math.Min(piece, free.Length), bytes.Length - at);
            count.ShouldBeGreaterThan(0);
            bytes.AsSpan(at, count).CopyTo(free.Span);
            input.Added(count);
            at += count;
            while (input.TryTake(out ReadOnlySpan<byte> line))
                taken.Add(Encoding.ASCII.GetString(line));
        }

        taken.ShouldBe(lines);
    }

    [Fact]
    public void Every_kind_of_request_is_a_line_of_JSON_with_its_id()
    {
        var list = new RequestList();
        RequestKind[] kinds = Enum.GetValues<RequestKind>();
        foreach (RequestKind kind in kinds)
            list.Add(new Expectation(kind, Hash256.Zero, 123, 2_016));
        list.Count.ShouldBe(kinds.Length);
        byte[] buffer = new byte[RequestList.MaxLength];
        for (int i = 0; i < list.Count; i++)
        {
            int id = RequestList.FirstId + (i * 999);
            int length = list.Write(i, id, buffer);
            buffer[length - 1].ShouldBe((byte)'\n');
            using JsonDocument request = JsonDocument.Parse(buffer.AsMemory(0, length));
            request.RootElement.GetProperty("id").GetInt32().ShouldBe(id);
            request.RootElement.GetProperty("method").GetString().ShouldNotBeNullOrEmpty();
            request.RootElement.GetProperty("params").ValueKind.ShouldBe(JsonValueKind.Array);
            list.Expected(i).Kind.ShouldBe(kinds[i]);
        }
    }
}
