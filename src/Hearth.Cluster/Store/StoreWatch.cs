namespace Hearth.Cluster.Store;

/// <summary>A watch with a bounded buffer, fed by the store at every commit under the store's gate.</summary>
internal sealed class StoreWatch : IStoreWatch
{
    private readonly Lock _lock = new();
    private readonly Action<StoreWatch> _removed;
    private readonly string _prefix;
    private readonly int _capacity;
    private List<Change> _pending;
    private TaskCompletionSource? _wake;
    private CompactedException? _failure;
    private long _returned;
    private long _offered;
    private bool _closed;

    public StoreWatch(string prefix, long afterRevision, List<Change> backlog, long revision, int buffer, Action<StoreWatch> removed)
    {
        _prefix = prefix;
        _pending = backlog;
        _capacity = backlog.Count + buffer;
        _returned = afterRevision;
        _offered = revision;
        _removed = removed;
    }

    public long Revision
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count == 0 && _failure is null ? _offered : _returned;
            }
        }
    }

    public async ValueTask<IReadOnlyList<Change>> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            Task wake;
            lock (_lock)
            {
                if (_failure is not null)
                {
                    throw _failure;
                }

                if (_pending.Count > 0 || _closed)
                {
                    return Take();
                }

                _wake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wake = _wake.Task;
            }

            await wake.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Takes over the changes of one commit that concern this watch.</summary>
    public void Offer(List<Change> changes, long revision, long compacted)
    {
        lock (_lock)
        {
            if (_closed || _failure is not null)
            {
                return;
            }

            foreach (var change in changes)
            {
                if (change.Current.Key.StartsWith(_prefix, StringComparison.Ordinal))
                {
                    _pending.Add(change);
                }
            }

            _offered = revision;
            if (_pending.Count > _capacity)
            {
                _failure = new CompactedException(_returned, compacted, revision,
                    $"The watch of {_prefix} fell {_pending.Count} changes behind (at revision {_returned}, the store is at {revision}): list again and watch from there.");
                _pending = [];
            }

            if (_pending.Count > 0 || _failure is not null)
            {
                Wake();
            }
        }
    }

    /// <summary>The store closes: what is pending can still be read.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Wake();
        }
    }

    public void Dispose()
    {
        _removed(this);
        lock (_lock)
        {
            _pending = [];
            _closed = true;
            Wake();
        }
    }

    private List<Change> Take()
    {
        var taken = _pending;
        _pending = [];
        if (taken.Count > 0)
        {
            _returned = taken[^1].Revision;
        }

        return taken;
    }

    private void Wake()
    {
        _wake?.TrySetResult();
        _wake = null;
    }
}
