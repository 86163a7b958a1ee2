// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Logging;
using Serilog.Core;
using Serilog.Events;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Logging;

public sealed class LastLinesSinkTests
{
    [Fact]
    public void A_full_disk_met_by_the_last_lines_is_reported_and_ends_nothing()
    {
        var reports = new List<string>();
        var sink = new LastLinesSink(new FullDisk(), reports.Add);

        sink.Dispose();

        reports.ShouldHaveSingleItem().ShouldBe("No space left on device");
    }

    private sealed class FullDisk : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent)
        {
        }

        public void Dispose() => throw new IOException("No space left on device");
    }
}
