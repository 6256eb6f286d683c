using System.Text;
using Hearth.Cluster.Store.Files;
using Hearth.Cluster.Store.Log;

namespace Hearth.Cluster.Store;

/// <summary>The store of a data directory: everything in memory, every write in a log on disk before it is visible.</summary>
public sealed class ObjectStore : IObjectStore
{
    /// <summary>Longest key, in bytes of UTF-8.</summary>
    public const int MaxKeyBytes = 4096;

    /// <summary>Largest value, in bytes.</summary>
    public const int MaxValueBytes = 16 << 20;

    /// <summary>Largest transaction, in bytes of all keys and values.</summary>
    public const int MaxTransactionBytes = 64 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Guards history, watches and the swap of the state, so that the three always agree.</summary>
    private readonly Lock _gate = new();
    private readonly StoreOptions _options;
    private readonly History _history;
    private readonly LogWriter _log;
    private readonly Committer _committer;
    private readonly Snapshotter _snapshotter;
    private readonly HashSet<StoreWatch> _watches = [];
    private volatile StoreState _state;
    private int _closed;

    private ObjectStore(StoreOptions options, IStoreFiles files, Recovered recovered)
    {
        (_options, _state, _history, _log) = (options, recovered.State, recovered.History, recovered.Log);
        Recovery = recovered.Report;
        _snapshotter = new Snapshotter(files, _log, options, recovered.BytesSinceSnapshot);
        _snapshotter.CleanUp(_history.Compacted);
        _committer = new Committer(_log, _state, options, Publish, bytes => _snapshotter.Written(bytes, _state, () => CompactedRevision));
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    public long Revision => _state.Revision;

    public long CompactedRevision
    {
        get
        {
            lock (_gate)
            {
                return _history.Compacted;
            }
        }
    }

    /// <summary>Opens the store, creating it when the directory is empty. Reads the whole store: seconds for hundreds of MiB.</summary>
    /// <exception cref="StoreCorruptException">The files are damaged or from a newer version; nothing was changed.</exception>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static ObjectStore Open(StoreOptions options) => Open(options, new DiskFiles(options.Directory, options.FlushToDisk));

    internal static ObjectStore Open(StoreOptions options, IStoreFiles files)
    {
        var recovered = new Recovery(files, options.History, options.Logger).Run(options.Time.GetUtcNow());
        return new ObjectStore(options, files, recovered);
    }

    public StoredValue? Get(string key) => _state.Tree.TryGet(key, out var value) ? value : null;

    public StoreSlice List(string prefix, string? startAfter = null, int limit = int.MaxValue, long? atRevision = null)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var state = atRevision is { } revision ? StateAt(revision, prefix) : _state;
        var from = state.Tree.Position(KeyBound.Before(prefix));
        if (startAfter is not null)
        {
            from = Math.Max(from, state.Tree.Position(KeyBound.After(startAfter)));
        }

        var matching = Math.Max(0, state.Tree.Position(KeyBound.AfterPrefix(prefix)) - from);
        var taken = Math.Min(limit, matching);
        return new StoreSlice(state.Tree.Range(from, taken), state.Revision, matching - taken);
    }

    public async ValueTask<WriteResult> PutAsync(string key, ReadOnlyMemory<byte> value, long? expectedModRevision, CancellationToken ct) =>
        (await CommitAsync([Mutation.Put(key, value, expectedModRevision)], ct).ConfigureAwait(false)).Results[0];

    public async ValueTask<WriteResult> DeleteAsync(string key, long? expectedModRevision, CancellationToken ct) =>
        (await CommitAsync([Mutation.Delete(key, expectedModRevision)], ct).ConfigureAwait(false)).Results[0];

    public ValueTask<TransactionResult> CommitAsync(IReadOnlyList<Mutation> mutations, CancellationToken ct)
    {
        Check(mutations);
        return _committer.CommitAsync(mutations, ct);
    }

    public IStoreWatch Watch(string prefix, long afterRevision)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed != 0, this);
            CheckHeld(afterRevision);
            var watch = new StoreWatch(prefix, afterRevision, _history.After(afterRevision, prefix), _state.Revision, _options.WatchBuffer, Remove);
            _watches.Add(watch);
            return watch;
        }
    }

    /// <summary>Commits what is queued, ends the watches, closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _committer.CloseAsync().ConfigureAwait(false);
        await _snapshotter.CloseAsync().ConfigureAwait(false);
        _log.Dispose();
        StoreWatch[] watches;
        lock (_gate)
        {
            watches = [.. _watches];
        }

        foreach (var watch in watches)
        {
            watch.Close();
        }
    }

    private static void Check(IReadOnlyList<Mutation> mutations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(mutations.Count);
        var total = 0L;
        foreach (var mutation in mutations)
        {
            ArgumentException.ThrowIfNullOrEmpty(mutation.Key);
            var keyBytes = StrictUtf8.GetByteCount(mutation.Key);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(keyBytes, MaxKeyBytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(mutation.Value.Length, MaxValueBytes);
            total += keyBytes + mutation.Value.Length;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(total, MaxTransactionBytes);
    }

    private void Publish(Batch batch, long unixMilliseconds)
    {
        lock (_gate)
        {
            foreach (var change in batch.Changes)
            {
                _history.Add(change, unixMilliseconds);
            }

            _history.Trim(_options.Time.GetUtcNow());
            _state = batch.Result;
            foreach (var watch in _watches)
            {
                watch.Offer(batch.Changes, batch.Revision, _history.Compacted);
            }
        }
    }

    private StoreState StateAt(long revision, string prefix)
    {
        lock (_gate)
        {
            CheckHeld(revision);
            return revision == _state.Revision ? _state : new StoreState(_history.Rewind(_state.Tree, revision, prefix), revision);
        }
    }

    private void CheckHeld(long revision)
    {
        if (revision > _state.Revision)
        {
            throw new FutureRevisionException(revision, _state.Revision);
        }

        if (revision < _history.Compacted)
        {
            throw new CompactedException(revision, _history.Compacted, _state.Revision,
                $"The history after revision {revision} is no longer held (it starts after {_history.Compacted}, the store is at {_state.Revision}): list again and go on from there.");
        }
    }

    private void Remove(StoreWatch watch)
    {
        lock (_gate)
        {
            _watches.Remove(watch);
        }
    }
}
