// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon.Rpc;

namespace ElectrumPot.Daemon;

public sealed partial class DaemonClient
{
    /// <summary>A block as the network serialises it.</summary>
    /// <exception cref="DaemonErrorException">-5: unknown to the daemon.</exception>
    public async Task<byte[]> GetBlockAsync(Hash256 hash, CancellationToken cancellationToken) =>
        (await GetBlocksAsync([hash], cancellationToken))[0];

    /// <summary>
    /// Blocks in the order asked for, each checked to have a header of that hash. One round trip, unless the reply would
    /// exceed <see cref="DaemonOptions.MaxReplyBytes"/>. The caller bounds how much it asks for.
    /// </summary>
    /// <exception cref="DaemonErrorException">-5: one of them is unknown to the daemon.</exception>
    public async Task<IReadOnlyList<byte[]>> GetBlocksAsync(IReadOnlyList<Hash256> hashes, CancellationToken cancellationToken)
    {
        var blocks = new byte[hashes.Count][];
        // "false" asks for raw hexadecimal, in every version since 0.8.
        await AskManyAsync(hashes, blocks, static (batch, hash) => batch.Add("getblock", hash, false), ReadBlock, MaxCallsPerBatch, cancellationToken);
        return blocks;
    }

    private static byte[] ReadBlock(RpcReply reply, int index, Hash256 hash)
    {
        byte[] block = reply.Bytes(index);
        if (block.Length < BlockHeader.Size || BlockHeader.HashOf(block) != hash)
            throw new MalformedReplyException($"the daemon was asked for block {hash} and sent another");
        return block;
    }
}
