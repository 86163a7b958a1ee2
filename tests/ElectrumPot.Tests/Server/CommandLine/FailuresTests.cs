// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Transport;
using ElectrumPot.Index;
using ElectrumPot.Index.Snapshots;
using ElectrumPot.Server.Certificates;
using ElectrumPot.Server.CommandLine;
using ElectrumPot.Server.Configuration;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Server.CommandLine;

public class FailuresTests
{
    public static TheoryData<Exception, int> Known => new()
    {
        { new ConfigurationException("the reason"), 2 },
        { new CertificateException("the reason"), 3 },
        { new ListenException("the reason", new IOException()), 3 },
        { new IndexBusyException("the reason"), 3 },
        { new IndexMissingException("the reason"), 3 },
        { new IndexMismatchException("the reason"), 2 },
        { new SnapshotRefusedException("the reason"), 3 },
        { new SnapshotDamagedException("the reason"), 4 },
        { new IndexStorageException("the reason"), 4 },
        { new IndexCorruptException("the reason"), 4 },
        { new CommandFailure(ExitCode.Refused, "the reason"), 6 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void What_is_known_keeps_its_words_and_has_its_code(Exception failure, int code)
    {
        CommandFailure translated = Failures.Translate(failure);

        ((int)translated.Code).ShouldBe(code);
        translated.Message.ShouldEndWith("the reason");
    }

    [Fact]
    public void A_missing_library_says_how_to_install_it() =>
        Failures.Translate(new TypeInitializationException("X", new DllNotFoundException("librocksdb.so.7.8"))).Message
            .ShouldContain("apt-get install librocksdb7.8");

    [Fact]
    public void What_nobody_expected_has_code_1() => ((int)Failures.Translate(new NotSupportedException()).Code).ShouldBe(1);
}
