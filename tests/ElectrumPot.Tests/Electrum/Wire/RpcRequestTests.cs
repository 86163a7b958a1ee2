// SPDX-License-Identifier: MIT

using System.Text;
using ElectrumPot.Electrum.Wire;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Wire;

public sealed class RpcRequestTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("1.50")]
    [InlineData("1e400")]
    [InlineData("\"abc\"")]
    [InlineData("\"\\u0041 \\ud800 \\\\ \"")]
    [InlineData("true")]
    [InlineData("[1, 2]")]
    [InlineData("{\"a\": [ ]}")]
    public void An_id_of_any_type_is_kept_byte_for_byte(string id) =>
        Read($$"""{"id": {{id}} ,"method":"server.ping"}""").Id.ShouldBe(id);

    [Theory]
    [InlineData("""{"method":"server.ping"}""")]
    [InlineData("""{"method":"server.ping","id":null}""")]
    public void Without_an_id_it_is_a_notification(string json) => Read(json).Id.ShouldBe("");

    [Theory]
    [InlineData("""{"id":1,"method":"m"}""")]
    [InlineData("""{"id":1,"method":"m","params":null}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"m"}""")]
    [InlineData("""{"jsonrpc":"\ud800","id":1,"method":"m"}""")]
    [InlineData("""{"jsonrpc":2,"id":1,"method":"m","extra":{"id":9,"method":"n"}}""")]
    [InlineData("""   {"id":1,"method":"n","method":"m"      }  """)]
    [InlineData("""{"id":1,"\u006dethod":"\u006d"}""")]
    public void What_wallets_leave_out_or_add_does_not_matter(string json)
    {
        (RpcError? error, string id, string method, string arguments) = Read(json);
        error.ShouldBeNull();
        (id, method, arguments).ShouldBe(("1", "m", ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("xx")]
    [InlineData("{")]
    [InlineData("{\"id\":1,\"method\":\"m\"")]
    [InlineData("{\"id\":1,\"method\":\"m\"}}")]
    [InlineData("{\"id\":1,\"method\":\"m\"} {}")]
    [InlineData("{\"id\":1,\"method\":\"m\",}")]
    [InlineData("{\"id\":01,\"method\":\"m\"}")]
    [InlineData("{\"id\":1,\"method\":\"\\ud800\"}")]
    [InlineData("{\"id\":1,\"\\ud800\":1,\"method\":\"m\"}")]
    [InlineData("{'id':1}")]
    [InlineData("{\"id\":NaN}")]
    [InlineData("5 5")]
    public void What_is_no_json_is_a_parse_error_without_id(string json)
    {
        (RpcError? error, string id, _, _) = Read(json);
        error!.Code.ShouldBe(-32700);
        id.ShouldBe("");
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_a_parse_error()
    {
        byte[] json = [.. "{\"id\":\""u8, 0xff, .. "\",\"method\":\"m\"}"u8];
        RpcRequest.Read(json, new byte[RpcRequest.MaxMethodLength], out RpcRequest request)!.Code.ShouldBe(-32700);
        request.Id.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("5", "")]
    [InlineData("\"server.ping\"", "")]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("""{"id":3}""", "3")]
    [InlineData("""{"id":3,"method":5}""", "3")]
    [InlineData("""{"method":{"a":1},"id":"x"}""", "\"x\"")]
    public void Json_that_is_no_request_is_an_invalid_request(string json, string id)
    {
        (RpcError? error, string read, _, _) = Read(json);
        error!.Code.ShouldBe(-32600);
        read.ShouldBe(id);
    }

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("5")]
    [InlineData("true")]
    public void Arguments_that_are_neither_list_nor_object_are_refused(string arguments) =>
        Read($$"""{"id":1,"method":"m","params":{{arguments}}}""").Error!.Code.ShouldBe(-32602);

    [Fact]
    public void Deep_nesting_is_a_parse_error()
    {
        string deep = new string('[', 40) + new string(']', 40);
        Read($$"""{"id":1,"method":"m","params":{{deep}}}""").Error!.Code.ShouldBe(-32700);
        string bearable = new string('[', 20) + new string(']', 20);
        Read($$"""{"id":1,"method":"m","params":{{bearable}}}""").Error.ShouldBeNull();
    }

    private static (RpcError? Error, string Id, string Method, string Params) Read(string json)
    {
        RpcError? error = RpcRequest.Read(Encoding.UTF8.GetBytes(json), new byte[RpcRequest.MaxMethodLength], out RpcRequest request);
        return (error, Encoding.UTF8.GetString(request.Id), Encoding.UTF8.GetString(request.Method), Encoding.UTF8.GetString(request.Params));
    }
}
