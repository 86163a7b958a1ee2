// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Logging;

public sealed class TerminalLineTests
{
    private const string Erase = "\r\u001b[K";

    private readonly StringWriter _terminal = new();
    private int _width = 80;

    [Fact]
    public void Each_text_takes_the_place_of_the_last_and_the_same_is_not_written_twice()
    {
        TerminalLine line = Create();

        line.Show("a");
        line.Show("a");
        line.Show("b");
        line.Show("");

        _terminal.ToString().ShouldBe($"{Erase}a{Erase}b{Erase}");
    }

    [Theory]
    [InlineData(10, "012345678")]
    [InlineData(0, "0123456789")]
    public void A_text_never_reaches_the_last_column_where_a_terminal_would_wrap(int width, string expected)
    {
        _width = width;

        Create().Show("0123456789");

        _terminal.ToString().ShouldBe(Erase + expected);
    }

    [Fact]
    public void What_is_written_above_leaves_the_line_whole()
    {
        TerminalLine line = Create();
        line.Show("50 %");

        line.Above(() => _terminal.Write("block found\n"));

        _terminal.ToString().ShouldBe($"{Erase}50 %{Erase}block found\n50 %");
    }

    [Fact]
    public void Without_a_line_what_is_above_is_all()
    {
        Create().Above(() => _terminal.Write("started\n"));

        _terminal.ToString().ShouldBe("started\n");
    }

    [Theory]
    [InlineData("ImportProgress", false)]
    [InlineData("WorkProgress", false)]
    [InlineData("BlockConnected", true)]
    [InlineData(null, true)]
    public void Log_lines_of_progress_are_not_repeated_on_the_terminal(string? name, bool isShown)
    {
        var console = new CountingSink();
        using var sink = new AboveLineSink(Create(), console);
        LogEventProperty[] properties = name is null
            ? []
            : [new LogEventProperty("EventId", new StructureValue([new("Id", new ScalarValue(2)), new("Name", new ScalarValue(name))]))];

        sink.Emit(new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse("x"), properties));

        console.Count.ShouldBe(isShown ? 1 : 0);
    }

    private TerminalLine Create() => new(_terminal, () => _width);

    private sealed class CountingSink : ILogEventSink
    {
        public int Count { get; private set; }

        public void Emit(LogEvent logEvent) => Count++;
    }
}
