// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Text;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Chain.Text;

public sealed class IniDocumentTests
{
    [Theory]
    [InlineData("host = here", "here")]
    [InlineData("host=here", "here")]
    [InlineData("host: here", "here")]
    [InlineData("host :here", "here")]
    [InlineData("HOST = Here", "Here")]
    [InlineData("  host = here", "here")]
    [InlineData("host =", "")]
    [InlineData("host = \"\"", "")]
    [InlineData("host = \"here\"", "\"here\"")]
    [InlineData("host = a = b : c", "a = b : c")]
    [InlineData("host: a = b", "a = b")]
    [InlineData("host = a: b", "a: b")]
    [InlineData("host = 100% %(user)s ${HOME}", "100% %(user)s ${HOME}")]
    [InlineData("host = here ; a comment", "here")]
    [InlineData("host = here\t; a comment", "here")]
    [InlineData("host = ; a comment", "")]
    [InlineData("host = a;b", "a;b")]
    [InlineData("host = a;b ; c ; d", "a;b")]
    [InlineData("host = ;x", "")]
    [InlineData("host =;x", ";x")]
    [InlineData("host = a # b", "a # b")]
    [InlineData("host = a\\n", "a\\n")]
    [InlineData("host = here   \t ", "here")]
    [InlineData("host = grüße", "grüße")]
    public void A_value_is_read_as_in_2014(string line, string expected) =>
        Parse($"[server]\n{line}\n").Find("server")!.Find("host")!.Value.ShouldBe(expected);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Comments_and_blank_lines_count_as_lines_and_nothing_else(string newLine)
    {
        string[] lines = ["# one", "; two", "", "REM three", "rem", "[server]", "  # indented", "   ", "host = x", "\t; again", "port = 1"];
        IniDocument document = Parse(string.Join(newLine, lines));
        IniSection server = document.Find("server").ShouldNotBeNull();
        server.Line.ShouldBe(6);
        server.Values.ShouldBe([new IniValue("host", "x", 9), new IniValue("port", "1", 11)]);
    }

    [Fact]
    public void An_indented_line_continues_the_value_above()
    {
        string[] lines = ["[server]", "banner = Welcome", "  to this server ; really", "", "\trem is a band", "  [all]", "port = 1"];
        Parse(string.Join('\n', lines)).Find("server")!.Values.ShouldBe(
        [
            new IniValue("banner", "Welcome\nto this server ; really\nrem is a band\n[all]", 2),
            new IniValue("port", "1", 7),
        ]);
    }

    [Theory]
    [InlineData("[Server]")]
    [InlineData("[ server ]")]
    [InlineData("[server] ; comment")]
    [InlineData("[server] # comment")]
    [InlineData("[server]# comment")]
    [InlineData("[server]   ")]
    public void A_section_has_its_name_in_lower_case(string line) =>
        Parse(line + "\nremark = 1").Find("server")!.Find("remark")!.Value.ShouldBe("1");

    [Fact]
    public void Sections_keep_their_order_and_may_be_empty()
    {
        IniDocument document = Parse("[b]\n[a]\nx = 1\n[coin:my-coin]\n");
        document.Sections.Select(section => section.Name).ShouldBe(["b", "a", "coin:my-coin"]);
        document.Find("b")!.Values.ShouldBeEmpty();
        document.Find("c").ShouldBeNull();
        document.Find("a")!.Find("y").ShouldBeNull();
        Parse("").Sections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("host = x", 1, "a [section] must come before the first key")]
    [InlineData("# c\n\n  host = x", 3, "a [section] must come before the first key")]
    [InlineData("[server", 1, "'[server' is no section heading; write [name]")]
    [InlineData("[]", 1, "'[]' is no section heading")]
    [InlineData("[ ]", 1, "'[ ]' is no section heading")]
    [InlineData("[server] x", 1, "'[server] x' is no section heading")]
    [InlineData("[server]\nhost", 2, "'host' is neither a [section] nor key = value")]
    [InlineData("[server]\n= x", 2, "'= x' is neither")]
    [InlineData("[server]\n: x", 2, "': x' is neither")]
    [InlineData("[server]\nhost = x\n\nHost: y", 4, "'host' is given on line 2 already; remove one of the two")]
    [InlineData("[server]\n[log]\n[SERVER]", 3, "section [server] stands on line 1 already; merge the two")]
    public void A_mistake_is_named_with_file_line_and_remedy(string text, int line, string reason)
    {
        IniFormatException mistake = Should.Throw<IniFormatException>(() => Parse(text));
        mistake.Line.ShouldBe(line);
        mistake.Message.ShouldStartWith($"test.conf, line {line}: {reason}");
    }

    [Fact]
    public void The_same_key_may_stand_in_two_sections() =>
        Parse("[a]\nx = 1\n[b]\nx = 2").Sections.Select(section => section.Find("x")!.Value).ShouldBe(["1", "2"]);

    private static IniDocument Parse(string text) => IniDocument.Parse(text, "test.conf");
}
