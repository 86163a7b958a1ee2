// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Chain.Primitives;
using ElectrumPot.Index.Building;
using ElectrumPot.Index.Tables;
using RocksDbSharp;

namespace ElectrumPot.Index.Verification;

/// <summary>
/// A database that no server uses, to be examined or taken back. Each call opens it, keeps servers out meanwhile, and
/// closes it again.
/// </summary>
public static class IndexDatabase
{
    /// <summary>Default of the memory for the check of each output's uses, in bytes.</summary>
    public const long DefaultMemory = 128L << 20;

    private const long CacheBytes = 64L << 20;

    /// <summary>What the database says of itself. Changes nothing.</summary>
    /// <exception cref="IndexException">There is none, a server uses it, or it cannot be read.</exception>
    public static DatabaseFacts ReadFacts(string path)
    {
        using DatabaseLock held = DatabaseLock.Take(path);
        return DatabaseFacts.Read(path);
    }

    /// <summary>
    /// Reads everything and proves that the tables agree with each other and with the work in the headers. Takes
    /// <paramref name="memory"/>, four bytes a block and a cache of fixed size, whatever the size of the database. Changes
    /// nothing, except that a commit interrupted by a kill is completed first, as the next start would.
    /// </summary>
    /// <param name="coin">For the form of stored transactions.</param>
    /// <param name="progress">Told every few thousand rows.</param>
    /// <exception cref="IndexMismatchException">It is a database of another coin.</exception>
    /// <exception cref="IndexException">It cannot be read at all; damage that can be named is in the report instead.</exception>
    public static VerificationReport Verify(
        string path, Coin coin, Action<VerificationProgress>? progress = null, long memory = DefaultMemory, CancellationToken cancellation = default)
    {
        bool isInterrupted;
        using (DatabaseLock.Take(path))
        {
            DatabaseFacts facts = DatabaseFacts.Read(path);
            if (facts.Schema is not 0 and not IndexStore.Schema)
            {
                throw new IndexMismatchException(
                    $"The database {path} has schema {facts.Schema}, this version reads {IndexStore.Schema}; start the server once, which takes it over or says why not.");
            }

            isInterrupted = facts.IsInterrupted;
        }

        if (isInterrupted)
        {
            progress?.Invoke(new VerificationProgress("completing an interrupted commit", 0, 0));
            IndexStore.Complete(path);
        }

        using DatabaseLock held = DatabaseLock.Take(path);
        return StorageErrors.Translate(path, () =>
        {
            using IndexStore store = IndexStore.OpenReadOnly(path, CacheBytes);
            RequireCoin(store, coin);
            return new IndexVerifier(store, coin).Run(memory, progress, cancellation);
        });
    }

    /// <summary>One of another coin is not damaged, and must not be removed for it.</summary>
    private static void RequireCoin(IndexStore store, Coin coin)
    {
        if (store.State.Genesis is not { } genesis || genesis == coin.GenesisHash) return;
        using var read = new ReadOptions();
        Span<byte> header = stackalloc byte[BlockHeader.Size];
        // Where its own first block contradicts it, the name is what is damaged.
        if (store.Headers.TryGet(0, read, header, out _) && BlockHeader.HashOf(header) != genesis) return;
        StateTable state = store.State;
        var wanted = new IndexOptions { Coin = coin, Path = store.Path, PruningLimit = state.PruningLimit, StoreTransactions = state.StoresTransactions };
        if (StoreIdentity.Of(store.Path, state).FindMismatch(wanted) is { } mismatch) throw mismatch;
    }

    /// <summary>Takes the tip back. Each block is a commit of its own, so that a kill leaves a whole database.</summary>
    /// <param name="blocks">At least 1.</param>
    /// <param name="progress">Told of each new tip.</param>
    /// <returns>The new tip.</returns>
    /// <exception cref="RewindException">So many cannot be undone; nothing was changed.</exception>
    /// <exception cref="IndexException">The database cannot be used.</exception>
    public static (int Height, Hash256 Hash) Rewind(
        IndexOptions options, int blocks, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        // Opening would make one where there is none.
        DatabaseLock.Take(options.Path).Dispose();
        using IndexStore store = IndexStore.Open(options);
        using var writer = new IndexWriter(store, options);
        int possible = DatabaseFacts.CountUndoable(store.Undo, writer.Tip.Height);
        if (blocks > possible) throw new RewindException(blocks, possible, writer.Tip.Height);
        return StorageErrors.Translate(options.Path, () =>
        {
            for (int i = 0; i < blocks; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!writer.TryDisconnect([]))
                    throw new IndexCorruptException($"The undo data of block {writer.Tip.Height} have vanished from the database {options.Path}.");
                progress?.Invoke(writer.Tip.Height);
            }

            return (writer.Tip.Height, writer.Tip.Hash);
        });
    }
}
