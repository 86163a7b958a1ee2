// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Hosting;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Hosting;

public sealed class DemoFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_index_of_an_earlier_demonstration_goes_and_the_certificate_stays()
    {
        string demo = _folder["demo"];
        DemoFolder.Open(demo).Dispose();
        Directory.CreateDirectory(Path.Combine(demo, "index"));
        File.WriteAllText(Path.Combine(demo, "server.crt"), "");

        DemoFolder.Open(demo).Dispose();

        Directory.Exists(Path.Combine(demo, "index")).ShouldBeFalse();
        File.Exists(Path.Combine(demo, "server.crt")).ShouldBeTrue();
    }

    [Fact]
    public void The_data_of_a_real_server_is_not_touched()
    {
        Directory.CreateDirectory(_folder["index"]);

        Should.Throw<CommandFailure>(() => DemoFolder.Open(_folder.Path)).Message.ShouldContain("holds something that is no demonstration");

        Directory.Exists(_folder["index"]).ShouldBeTrue();
    }

    [Fact]
    public void Two_demonstrations_do_not_share_a_folder()
    {
        using DemoFolder first = DemoFolder.Open(_folder["demo"]);

        Should.Throw<CommandFailure>(() => DemoFolder.Open(_folder["demo"])).Message.ShouldContain("a demonstration runs already in");
    }
}
