// SPDX-License-Identifier: MIT

using System.Net;
using System.Text;
using System.Text.Json;
using ElectrumPot.Electrum.Peers;
using ElectrumPot.Tests.Electrum.Peers.Support;
using ElectrumPot.Tests.Electrum.Support;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Electrum.Peers;

public sealed class BlacklistTests
{
    [Theory]
    [InlineData("a.example.org", "a.example.org", true)]
    [InlineData(" A.Example.ORG ", "a.example.org", true)]
    [InlineData("a.example.org", "b.a.example.org", false)]
    [InlineData("*.example.org", "a.example.org", true)]
    [InlineData("*.example.org", "b.a.example.org", true)]
    [InlineData("*.example.org", "example.org", true)]
    [InlineData("*.example.org", "badexample.org", false)]
    [InlineData("9.9.9.9", "9.9.9.9", true)]
    [InlineData("*.9.9", "9.9.9.9", false)]
    [InlineData("9.9.9.8", "a.example.org", true)]
    public void An_entry_is_a_host_a_domain_or_an_address(string entry, string host, bool isIncluded) =>
        Parse($"[\"{entry}\"]").Includes(TestPeers.Host(host), IPAddress.Parse("9.9.9.8")).ShouldBe(isIncluded);

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[[\"\\ud800\"]]")]
    [InlineData("[{\"\\ud800\":1}]")]
    [InlineData("[\"a\"")]
    [InlineData("")]
    public void Anything_else_is_no_blacklist(string json) => Should.Throw<JsonException>(() => Parse(json));

    [Fact]
    public void A_change_of_the_file_is_seen_and_damage_changes_nothing()
    {
        using var folder = new TestFolder();
        string path = Path.Combine(folder.Path, "blacklist.json");
        var time = new ManualTime();
        var log = new TestLog();
        var file = new BlacklistFile(path, time, log);
        file.Refresh().ShouldBeFalse("there is none");

        Write("[\"a.example.org\"]").ShouldBeTrue();
        file.Current.Count.ShouldBe(1);
        Write("[\"a.example.org\"").ShouldBeFalse();
        file.Current.Count.ShouldBe(1);
        log.Errors.Count().ShouldBe(1);
        Write("[\"a.example.org\",\"b.example.org\"]").ShouldBeTrue();
        file.Current.Count.ShouldBe(2);
        File.Delete(path);
        time.Advance(TimeSpan.FromSeconds(10));
        file.Refresh().ShouldBeTrue();
        file.Current.Count.ShouldBe(0);

        bool Write(string json)
        {
            File.WriteAllText(path, json);
            file.Refresh().ShouldBeFalse("it was looked at a moment ago");
            time.Advance(TimeSpan.FromSeconds(10));
            return file.Refresh();
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_tried_again_and_spoken_of_once()
    {
        using var folder = new TestFolder();
        string path = folder.Write("blacklist.json", "[\"a.example.org\"]");
        var time = new ManualTime();
        var log = new TestLog();
        var file = new BlacklistFile(path, time, log);
        using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            for (int i = 0; i < 3; i++)
            {
                file.Refresh().ShouldBeFalse();
                time.Advance(TimeSpan.FromSeconds(10));
            }
        }

        log.Errors.ShouldHaveSingleItem();
        file.Refresh().ShouldBeTrue();
        file.Current.Count.ShouldBe(1);
    }

    private static Blacklist Parse(string json) => Blacklist.Parse(Encoding.UTF8.GetBytes(json));
}
