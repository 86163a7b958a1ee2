// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Hashing;
using ElectrumPot.Chain.Merkle;
using ElectrumPot.Chain.Parsing;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Chain.Scripts;
using ElectrumPot.Daemon;

namespace ElectrumPot.Index.Building;

/// <summary>
/// Parses a block once and reduces it to its digest. Holds buffers that are used again for the next block, so each
/// thread needs its own digester.
/// </summary>
public sealed class BlockDigester(Coin coin)
{
    private readonly List<Hash256> _txids = [];
    private readonly List<DigestOutput> _outputs = [];
    private readonly List<DigestInput> _inputs = [];
    private readonly List<ScriptAlias> _aliases = [];
    private readonly List<DigestTransaction> _transactions = [];
    private readonly List<int> _offsets = [];

    /// <param name="withTransactions">Whether <see cref="BlockDigest.Transactions"/> is wanted.</param>
    /// <exception cref="MalformedBlockException">
    /// The bytes are no block of the coin, or the transactions do not hash to the merkle root of the header: the
    /// coin's <c>transaction_format</c> is wrong then.
    /// </exception>
    public BlockDigest Digest(int height, ReadOnlyMemory<byte> raw, bool withTransactions = false) =>
        Digest(new SourceBlock(height, default, raw), withTransactions);

    /// <inheritdoc cref="Digest(int, ReadOnlyMemory{byte}, bool)"/>
    /// <param name="withRaw">Whether <see cref="BlockDigest.Raw"/> is wanted.</param>
    public BlockDigest Digest(in SourceBlock block, bool withTransactions = false, bool withRaw = false)
    {
        int height = block.Height;
        _txids.Clear();
        _outputs.Clear();
        _inputs.Clear();
        _aliases.Clear();
        _transactions.Clear();
        _offsets.Clear();

        var reader = new BlockReader(block.Raw.Span, coin.BlockFormat, coin.TransactionFormat);
        _offsets.Add(reader.Position);
        while (reader.TryReadTransaction(out TransactionView transaction))
        {
            _offsets.Add(reader.Position);
            int position = _txids.Count;
            _txids.Add(transaction.ComputeTxid());
            AddInputs(transaction, position);
            // The genesis coinbase can be neither spent nor fetched in any version of any daemon.
            if (height > 0)
                AddOutputs(transaction, position);
            if (withTransactions)
                _transactions.Add(new DigestTransaction(transaction.VirtualSize, ValueOf(transaction.Outputs), IsReward(transaction, position)));
        }

        Hash256[] txids = [.. _txids];
        byte[] header = reader.Header.ToArray();
        RequireMerkleRoot(header, txids, height);
        return new BlockDigest
        {
            Height = height,
            Hash = BlockHeader.HashOf(header),
            Header = header,
            Txids = txids,
            Outputs = [.. _outputs],
            Inputs = [.. _inputs],
            Aliases = [.. _aliases],
            Transactions = withTransactions ? [.. _transactions] : null,
            Position = block.Position,
            Raw = withRaw ? block.Raw : default,
            TransactionOffsets = withRaw || block.Position is not null ? [.. _offsets] : [],
        };
    }

    /// <summary>
    /// False for what nobody can spend, and for the empty marker outputs of proof-of-stake blocks: two in every
    /// block, which would make the empty script the busiest of all.
    /// </summary>
    public static bool IsIndexed(in OutputView output) =>
        !OutputScript.IsUnspendable(output.Script) && !(output.Script.IsEmpty && output.Value == 0);

    /// <summary>The script of an output, and the canonical script of its address where that is another one.</summary>
    public static HashX ScriptOf(ReadOnlySpan<byte> script, out HashX? addressScript)
    {
        addressScript = null;
        if (!OutputScript.IsCanonicalAddressScript(script))
        {
            Span<byte> hash160 = stackalloc byte[Hash160.Size];
            Span<byte> canonical = stackalloc byte[OutputScript.PayToPublicKeyHashSize];
            switch (OutputScript.Classify(script, hash160))
            {
                case ScriptKind.PayToPublicKey or ScriptKind.PayToPublicKeyHash:
                    OutputScript.WritePayToPublicKeyHash(hash160, canonical);
                    addressScript = HashX.OfScript(canonical);
                    break;
                case ScriptKind.PayToScriptHash:
                    OutputScript.WritePayToScriptHash(hash160, canonical);
                    addressScript = HashX.OfScript(canonical[..OutputScript.PayToScriptHashSize]);
                    break;
            }
        }

        return HashX.OfScript(script);
    }

    private void AddInputs(in TransactionView transaction, int position)
    {
        int index = 0;
        foreach (InputView input in transaction.Inputs)
        {
            if (!input.PreviousOutput.IsNull)
                _inputs.Add(new DigestInput(position, index, input.PreviousOutput));
            index++;
        }
    }

    private void AddOutputs(in TransactionView transaction, int position)
    {
        int index = 0;
        foreach (OutputView output in transaction.Outputs)
        {
            if (IsIndexed(output))
            {
                HashX script = ScriptOf(output.Script, out HashX? addressScript);
                _outputs.Add(new DigestOutput(position, index, script, output.Value));
                if (addressScript is { } address)
                    _aliases.Add(new ScriptAlias(address, script));
            }

            index++;
        }
    }

    private static long ValueOf(OutputEnumerator outputs)
    {
        long value = 0;
        foreach (OutputView output in outputs)
            value += output.Value;
        return value;
    }

    private bool IsReward(in TransactionView transaction, int position) =>
        position == 0 || (position == 1 && coin.BlockFormat == BlockFormat.Posv && transaction.IsCoinstake);

    private static void RequireMerkleRoot(byte[] header, Hash256[] txids, int height)
    {
        Hash256 root = MerkleTree.FoldRoot(txids.AsSpan().ToArray());
        if (root != BlockHeader.Parse(header).MerkleRoot)
        {
            throw new MalformedBlockException(
                $"the transactions of block {height} do not hash to its merkle root; is the coin's transaction_format right?");
        }
    }
}
