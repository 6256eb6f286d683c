namespace Hearth.Cluster.Store;

/// <summary>
/// The last changes, oldest first, without gaps: change i has revision <see cref="Compacted"/> + 1 + i. Not thread-safe; the store's gate guards it.
/// </summary>
internal sealed class History(HistoryWindow window)
{
    private Entry[] _ring = new Entry[256];
    private int _first;
    private int _count;
    private long _bytes;

    /// <summary>The revision before the oldest change that is held.</summary>
    public long Compacted { get; private set; }

    /// <summary>The newest revision.</summary>
    public long Newest => Compacted + _count;

    /// <summary>Forgets everything; the next change has revision <paramref name="revision"/> + 1.</summary>
    public void StartAfter(long revision)
    {
        (_first, _count, _bytes, Compacted) = (0, 0, 0, revision);
        Array.Clear(_ring);
    }

    public void Add(Change change, long unixMilliseconds)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + _count) % _ring.Length] = new Entry(change, unixMilliseconds);
        _count++;
        _bytes += Size(change);
    }

    /// <summary>Drops what the window no longer covers.</summary>
    public void Trim(DateTimeOffset now)
    {
        var oldest = (now - window.MaxAge).ToUnixTimeMilliseconds();
        while (_count > 0 && (_count > window.MaxChanges || _bytes > window.MaxBytes || _ring[_first].At < oldest))
        {
            _bytes -= Size(_ring[_first].Change);
            _ring[_first] = default;
            _first = (_first + 1) % _ring.Length;
            _count--;
            Compacted++;
        }
    }

    /// <summary>The changes of the prefix with a revision greater than <paramref name="revision"/>, in order.</summary>
    public List<Change> After(long revision, string prefix)
    {
        var changes = new List<Change>();
        for (var i = (int)(revision - Compacted); i < _count; i++)
        {
            var change = At(i);
            if (change.Current.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                changes.Add(change);
            }
        }

        return changes;
    }

    /// <summary>The tree as it was at an earlier revision, right for keys of the prefix only.</summary>
    public KeyTree Rewind(KeyTree tree, long revision, string prefix)
    {
        for (var i = _count - 1; i >= revision - Compacted; i--)
        {
            var change = At(i);
            if (change.Current.Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                tree = change.Previous is { } previous ? tree.Set(previous) : tree.Remove(change.Current.Key);
            }
        }

        return tree;
    }

    private static long Size(Change change) => (change.Current.Key.Length * 2L) + change.Current.Value.Length + 128;

    private Change At(int index) => _ring[(_first + index) % _ring.Length].Change;

    private void Grow()
    {
        var ring = new Entry[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            ring[i] = _ring[(_first + i) % _ring.Length];
        }

        (_ring, _first) = (ring, 0);
    }

    private readonly record struct Entry(Change Change, long At);
}
