// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Daemon.BlockFiles;
using ElectrumPot.Tests.Server;
using Shouldly;
using Xunit;

namespace ElectrumPot.Tests.Daemon.BlockFiles;

/// <summary>Folders as operators name them, and what they are told when one will not do.</summary>
public sealed class BlockFileLocatorTests : IDisposable
{
    private static readonly FakeChain Chain = new(2);
    private static readonly Coin Coin = Chain.Coin;

    private readonly TestFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("blocks", "blocks")]
    [InlineData("", "blocks")]
    [InlineData("", "regtest/blocks")]
    [InlineData("regtest", "regtest/blocks")]
    [InlineData("testnet3/blocks", "testnet3/blocks")]
    public void Data_folder_folder_of_a_network_and_folder_of_the_files_all_lead_there(string named, string place)
    {
        Write(place);

        BlockFileLocator.Find(_root[named].TrimEnd('/'), Coin).Path.ShouldBe(_root[place]);
    }

    [Fact]
    public void Of_several_networks_the_one_that_begins_with_the_first_block_of_the_coin_is_taken()
    {
        Write("blocks", Foreign());
        Write("signet/blocks", Foreign());
        Write("testnet3/blocks");

        BlockFileLocator.Find(_root.Path, Coin).Path.ShouldBe(_root["testnet3/blocks"]);
    }

    [Fact]
    public void A_key_is_found_beside_the_files()
    {
        byte[] key = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] record = BlockFolder.Record(Chain.Block(0));
        Write("blocks", [.. record.Select((value, i) => (byte)(value ^ key[i % 8]))]);
        Should.Throw<BlockFilesException>(() => BlockFileLocator.Find(_root.Path, Coin));

        File.WriteAllBytes(_root["blocks/xor.dat"], key);
        BlockFileLocator.Find(_root.Path, Coin).Path.ShouldBe(_root["blocks"]);

        File.WriteAllBytes(_root["blocks/xor.dat"], [.. key, 9]);
        Should.Throw<BlockFilesException>(() => BlockFileLocator.Find(_root.Path, Coin)).Message.ShouldContain("xor.dat is no key");
    }

    [Fact]
    public void Each_thing_that_can_be_wrong_is_said_with_what_to_do()
    {
        Problem("nowhere").ShouldContain("does not exist");
        Problem("").ShouldContain("has no block files (blocks/blk00000.dat)");
        Directory.CreateDirectory(_root["empty/blocks"]);
        Problem("empty").ShouldContain("has no block files");
        _root.Write("file", "");
        Problem("file").ShouldContain("is a file");

        Write("other/blocks", Foreign());
        Problem("other").ShouldContain("are these files of another coin or network?");
        Write("short/blocks", BlockFolder.Record(Chain.Block(0))[..50]);
        Problem("short").ShouldContain("does not begin with the first block");

        Write("pruned/blocks");
        File.Move(_root["pruned/blocks/blk00000.dat"], _root["pruned/blocks/blk00017.dat"]);
        Problem("pruned").ShouldContain("prune=");

        // A folder in the place of a file is refused by the system in the same way as one without the right to read it.
        Directory.CreateDirectory(_root["denied/blocks/blk00000.dat"]);
        Problem("denied").ShouldContain($"permission denied): add the server's user {Environment.UserName} to the group");
    }

    [Fact]
    public void Files_of_other_names_are_no_block_files()
    {
        Write("blocks");
        foreach (string name in new[] { "rev00000.dat", "blk0001.dat", "blkindex.dat", "blk00001.dat.bak", "blk-0001.dat", "blk00002.tmp" })
            _root.Write($"blocks/{name}", "");
        Write("blocks", [], "blk100000.dat");

        BlockFileFolder folder = BlockFileLocator.Find(_root.Path, Coin);

        folder.ListFiles().ShouldBe([0, 100_000]);
        folder.Describe().ShouldBe("2 files, 0 MB");
    }

    private string Problem(string name) => Should.Throw<BlockFilesException>(() => BlockFileLocator.Find(_root[name].TrimEnd('/'), Coin)).Message;

    private static byte[] Foreign()
    {
        var other = new FakeChain(0);
        other.Add(nonce: 5);
        return BlockFolder.Record(other.Block(0));
    }

    private void Write(string folder, byte[]? content = null, string name = "blk00000.dat")
    {
        Directory.CreateDirectory(_root[folder]);
        File.WriteAllBytes(_root[$"{folder}/{name}"], content ?? BlockFolder.Record(Chain.Block(0)));
    }
}
