// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Daemon;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;

namespace ElectrumPot.Index.Following;

/// <summary>
/// Makes the undo data of old blocks once more, so that a reorganisation may be deeper than they reach: a daemon that has
/// left a chain still has its blocks.
/// </summary>
internal sealed class LostUndo(ChainIndex index, DaemonClient daemon)
{
    private readonly IndexWriter _writer = index.Writer;
    private readonly BlockDigester _digester = new(index.Options.Coin);
    private readonly FundingOutputs _outputs = new(index.Writer, daemon, index.Options.Coin);

    /// <summary>Whether the daemon has the first and the last of the blocks; one that was synchronised anew has neither.</summary>
    public async Task<bool> HasBlocksAsync(int first, int last, CancellationToken cancellation) =>
        await TryGetBlockAsync(_writer.GetHash(last), cancellation) is not null
        && await TryGetBlockAsync(_writer.GetHash(first), cancellation) is not null;

    /// <summary>What the block at the tip has spent.</summary>
    /// <returns>Null when daemon and index do not have what it takes.</returns>
    public async Task<List<UndoEntry>?> TryRestoreAsync(CancellationToken cancellation)
    {
        (int height, Hash256 hash) = (_writer.Tip.Height, _writer.Tip.Hash);
        if (await TryGetBlockAsync(hash, cancellation) is not { } raw) return null;
        if (Parse(height, hash, raw) is not { } block) return null;
        var entries = new List<UndoEntry>();
        if (!_writer.Restorer.TryFindOverwritten(block, entries)) return null;
        List<LocatedInput> inputs = _writer.Restorer.Locate(block);
        if (!await _outputs.TryReadAsync(block, inputs.Select(input => input.Output), cancellation)) return null;
        foreach (LocatedInput input in inputs)
        {
            // An output that is not indexed is not in the undo data either.
            if (_outputs.Found.TryGetValue(input.Output, out OutputValue value))
                entries.Add(new UndoEntry(value.Script, input.Output, value.Value, input.Input.Position, input.Input.Index));
        }

        return entries;
    }

    /// <returns>Null when the daemon's copy is damaged behind its header, at which alone old daemons look.</returns>
    private BlockDigest? Parse(int height, Hash256 hash, byte[] raw)
    {
        try
        {
            return _digester.Digest(new SourceBlock(height, hash, raw), withRaw: true);
        }
        catch (MalformedBlockException)
        {
            return null;
        }
    }

    private async Task<byte[]?> TryGetBlockAsync(Hash256 hash, CancellationToken cancellation)
    {
        try
        {
            return await daemon.GetBlockAsync(hash, cancellation);
        }
        catch (DaemonErrorException)
        {
            return null;
        }
    }
}
