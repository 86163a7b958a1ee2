// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration;
using ElectrumPot.Server.Logging;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

public sealed class LogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_of_the_level_and_above_go_to_the_file_with_their_exception()
    {
        using (ILoggerFactory loggers = LogSetup.Create(Configure($"file = {_folder["pot.log"]}\nlevel = warning"), console: false))
        {
            ILogger log = loggers.CreateLogger("Test");
            log.LogInformation("not this");
            log.LogWarning(new InvalidOperationException("the reason"), "this");
            loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel").LogWarning("nor that");
        }

        string text = ReadAll();
        text.ShouldContain("WRN this");
        text.ShouldContain("the reason");
        text.ShouldNotContain("not this");
        text.ShouldNotContain("nor that");
    }

    [Fact]
    public void A_file_that_is_full_is_followed_by_another_and_the_oldest_go()
    {
        string line = new('x', 10_000);
        using (ILoggerFactory loggers = LogSetup.Create(Configure($"file = {_folder["pot.log"]}\nfile_mb = 1\nfiles = 2"), console: false))
        {
            ILogger log = loggers.CreateLogger("Test");
            for (int i = 0; i < 350; i++) log.LogInformation("{Line}", line);
        }

        FileInfo[] files = [.. Directory.GetFiles(_folder.Path).Select(file => new FileInfo(file))];
        files.Length.ShouldBe(2);
        files.ShouldAllBe(file => file.Length < (1 << 20) + 20_000);
    }

    [Fact]
    public void None_writes_no_file()
    {
        using ILoggerFactory loggers = LogSetup.Create(Configure("file = none"), console: false);
        loggers.CreateLogger("Test").LogError("nowhere");

        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_at_the_start()
    {
        string file = _folder.Write("not-a-folder", "");

        Should.Throw<ConfigurationException>(() => LogSetup.Create(Configure($"file = {file}/pot.log"), console: false).Dispose())
            .Message.ShouldStartWith($"the log cannot be written into {file}");
    }

    private ServerConfiguration Configure(string keys) => ConfigurationFile.Parse($"[log]\n{keys}\n", _folder["pot.conf"]);

    private string ReadAll() => string.Concat(Directory.GetFiles(_folder.Path, "pot*.log").Select(File.ReadAllText));
}
