// SPDX-License-Identifier: MIT

using ElectrumPot.Daemon.BlockFiles;
using FsCheck.Fluent;
using FsCheck;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

public sealed class ObfuscationKeyTests
{
    [Fact]
    public void Each_byte_is_masked_by_its_place_in_the_file()
    {
        Gen<(byte[] Key, byte[] Data, long Offset)> cases =
            from key in ArbMap.Default.GeneratorFor<byte>().ArrayOf(ObfuscationKey.Size)
            from data in ArbMap.Default.GeneratorFor<byte[]>()
            from offset in Gen.Choose(0, int.MaxValue)
            select (key, data, (long)offset * 3);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            byte[] masked = [.. given.Data];
            ObfuscationKey.From(given.Key).Apply(masked, given.Offset);
            masked.ShouldBe(given.Data.Select((value, i) => (byte)(value ^ given.Key[(given.Offset + i) % 8])));
        }).QuickCheckThrowOnFailure();
    }
}
