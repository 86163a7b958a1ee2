// SPDX-License-Identifier: MIT

using ElectrumPot.Server.Configuration;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.Configuration;

public class DocumentsTests
{
    [Fact]
    public async Task The_sample_file_is_what_the_list_of_options_says() =>
        ConfigurationSample.Write().ShouldBe(
            await File.ReadAllTextAsync(Repository.PathOf("electrum-pot.conf.sample"), TestContext.Current.CancellationToken),
            "write it anew: electrum-pot-server check-config --print-sample > electrum-pot.conf.sample");

    [Fact]
    public async Task The_reference_page_is_what_the_list_of_options_says() =>
        ConfigurationPage.Write().ShouldBe(
            await File.ReadAllTextAsync(Repository.PathOf("docs/configuration.md"), TestContext.Current.CancellationToken),
            "write it anew: electrum-pot-server check-config --print-reference > docs/configuration.md");

    [Fact]
    public void The_sample_with_all_comment_signs_removed_is_a_valid_file_of_defaults()
    {
        string everything = string.Join('\n', ConfigurationSample.Write().Split('\n').Select(line => line.StartsWith('#') && !line.StartsWith("# ", StringComparison.Ordinal) ? line[1..] : line));

        ServerConfiguration read = ConfigurationFile.Parse(everything, "pot.conf");

        foreach (ConfigurationOption option in ConfigurationOptions.All.Where(option => !option.NotServed))
        {
            everything.ShouldContain($"\n{option.Key} =", customMessage: option.ToString());
            read.IsSet(option).ShouldBeFalse(option.ToString());
        }

        read.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_that_has_no_effect_is_offered()
    {
        // A key may be without effect in one section and have one in another.
        foreach (ConfigurationOption option in ConfigurationOptions.All.Where(option => option.NotServed))
        {
            string section = ConfigurationSample.Write().Split("\n[").FirstOrDefault(text => text.StartsWith($"{option.Section}]", StringComparison.Ordinal)) ?? "";
            section.ShouldNotContain($"{option.Key} =", customMessage: option.ToString());
        }
    }

    [Fact]
    public void Every_default_is_an_allowed_value()
    {
        foreach (ConfigurationOption option in ConfigurationOptions.All)
        {
            object? read = option.Parse(option.DefaultValue);
            read.ShouldNotBeNull(option.ToString());
            option.IsDefault(read).ShouldBeTrue(option.ToString());
        }
    }

    [Fact]
    public void No_key_and_no_old_name_is_listed_twice()
    {
        string[] names = [.. ConfigurationOptions.All.SelectMany(option => option.OldNames.Prepend($"{option.Section}/{option.Key}"))];

        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(names.Length);
    }
}
