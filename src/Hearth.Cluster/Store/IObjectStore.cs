namespace Hearth.Cluster.Store;

/// <summary>
/// An ordered key-value store with one revision counter, optimistic concurrency and watches. Everything it shows
/// (reads, lists, watches, conflict answers) is already durable: a crash never takes back what somebody has seen.
/// </summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The last committed revision; 0 for a new store.</summary>
    long Revision { get; }

    /// <summary>Watches can start after this revision or a later one; lists can ask for this revision or a later one.</summary>
    long CompactedRevision { get; }

    /// <summary>The latest committed value, null when the key does not exist. Takes no lock.</summary>
    StoredValue? Get(string key);

    /// <summary>A consistent snapshot of the keys that start with <paramref name="prefix"/>, in ordinal key order.</summary>
    /// <param name="prefix">"" means every key.</param>
    /// <param name="startAfter">Only keys ordinally greater than this one: the last key of the page before.</param>
    /// <param name="limit">At most this many items; at least 1.</param>
    /// <param name="atRevision">Null: the latest. Otherwise exactly the state at that revision.</param>
    /// <exception cref="CompactedException">The history no longer reaches back to <paramref name="atRevision"/>.</exception>
    /// <exception cref="FutureRevisionException"><paramref name="atRevision"/> has not happened yet.</exception>
    StoreSlice List(string prefix, string? startAfter = null, int limit = int.MaxValue, long? atRevision = null);

    /// <summary>Writes one value. A conflict is a result, not an exception.</summary>
    /// <param name="key">The key, not empty, at most 4096 bytes as UTF-8.</param>
    /// <param name="value">Kept, not copied: the caller must not change it afterwards.</param>
    /// <param name="expectedModRevision">null: any state; 0: the key must not exist; otherwise exactly this ModRevision.</param>
    /// <param name="ct">Cancels only a write that has not been picked up yet: a cancelled write was not written.</param>
    /// <exception cref="StoreWriteException">The write could not be made durable (disk full, I/O error). It is not visible.</exception>
    ValueTask<WriteResult> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedModRevision, CancellationToken ct);

    /// <summary>Removes one key. A missing key is a conflict with <see cref="WriteResult.Current"/> null.</summary>
    /// <inheritdoc cref="PutAsync"/>
    ValueTask<WriteResult> DeleteAsync(string key, long? expectedModRevision, CancellationToken ct);

    /// <summary>
    /// Writes several keys, all or nothing, visible at once. Each mutation gets a revision of its own (consecutive), so a watch can
    /// resume between them. A later mutation sees the earlier ones.
    /// </summary>
    /// <inheritdoc cref="PutAsync"/>
    ValueTask<TransactionResult> CommitAsync(IReadOnlyList<Mutation> mutations, CancellationToken ct);

    /// <summary>Every change of keys starting with <paramref name="prefix"/> whose revision is greater than <paramref name="afterRevision"/>: in order, none lost, none twice.</summary>
    /// <exception cref="CompactedException">The history no longer reaches back that far; list again and watch from the list's revision.</exception>
    /// <exception cref="FutureRevisionException"><paramref name="afterRevision"/> has not happened yet.</exception>
    IStoreWatch Watch(string prefix, long afterRevision);
}

/// <summary>A running watch. One reader at a time; dispose it to end it.</summary>
public interface IStoreWatch : IDisposable
{
    /// <summary>
    /// Every change up to this revision that the watch is about has been returned by <see cref="ReadAsync"/>: what a bookmark may say.
    /// It advances with other keys' changes too.
    /// </summary>
    long Revision { get; }

    /// <summary>
    /// Waits for the next changes and returns all that are there, at least one. An empty list means that the watch was disposed
    /// or the store closed.
    /// </summary>
    /// <exception cref="CompactedException">The reader was too slow and its buffer overflowed: list again.</exception>
    ValueTask<IReadOnlyList<Change>> ReadAsync(CancellationToken ct);
}
