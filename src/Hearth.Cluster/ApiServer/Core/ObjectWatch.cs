using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What a watch asks for; texts as in the query.</summary>
internal sealed record WatchQuery
{
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Changes after this one; null or <c>0</c>: the present objects first.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The present objects first, then a bookmark that says so, whatever the version.</summary>
    public bool SendInitialEvents { get; init; }
}

/// <summary>One event of a watch.</summary>
internal readonly record struct ObjectEvent(WatchEventType Type, StoredObject Object);

/// <summary>A running watch of a type: changes of the store seen through selectors. One reader at a time.</summary>
internal sealed class ObjectWatch : IDisposable
{
    private readonly ObjectReader _reader;
    private readonly ResourceDefinition _definition;
    private readonly ObjectSelection _selection;
    private readonly IStoreWatch _changes;
    private readonly long _start;
    private IReadOnlyList<StoredObject>? _initial;

    public ObjectWatch(
        ObjectReader reader, ResourceDefinition definition, ObjectSelection selection, IReadOnlyList<StoredObject> initial, IStoreWatch changes, long start)
    {
        (_reader, _definition, _selection, _changes, _start) = (reader, definition, selection, changes, start);
        _initial = initial.Count > 0 ? initial : null;
    }

    /// <summary>Everything up to this revision has been returned: what a bookmark may say.</summary>
    public long Revision => Math.Max(_changes.Revision, _start);

    /// <summary>The events that are there now for the initial state; empty when there is none (left).</summary>
    public IReadOnlyList<ObjectEvent> TakeInitial()
    {
        var initial = _initial;
        _initial = null;
        return initial is null ? [] : [.. initial.Select(o => new ObjectEvent(WatchEventType.Added, o))];
    }

    /// <summary>Waits for the next events. Null: the watch ended. May return an empty list: changes that nobody asked about.</summary>
    /// <exception cref="KubeException">410: the reader was too slow.</exception>
    public async ValueTask<IReadOnlyList<ObjectEvent>?> ReadAsync(CancellationToken ct)
    {
        if (_initial is not null)
        {
            return TakeInitial();
        }

        try
        {
            var changes = await _changes.ReadAsync(ct).ConfigureAwait(false);
            if (changes.Count == 0)
            {
                return null;
            }

            var events = new List<ObjectEvent>(changes.Count);
            foreach (var change in changes)
            {
                if (Translate(change) is { } seen)
                {
                    events.Add(seen);
                }
            }

            return events;
        }
        catch (CompactedException e)
        {
            throw ApiErrors.TooOld(e.Requested, e.Current);
        }
    }

    public void Dispose() => _changes.Dispose();

    private ObjectEvent? Translate(Change change)
    {
        var now = _reader.Show(_definition, change.Current, change.Revision);
        if (change.Type == ChangeType.Delete)
        {
            return _selection.MatchesAll || _selection.Matches(now) ? new ObjectEvent(WatchEventType.Deleted, now) : null;
        }

        if (_selection.MatchesAll)
        {
            return new ObjectEvent(change.Previous is null ? WatchEventType.Added : WatchEventType.Modified, now);
        }

        var matches = _selection.Matches(now);
        var before = change.Previous is { } previous ? _reader.Show(_definition, previous, change.Revision) : null;
        var matched = before is not null && _selection.Matches(before);
        return (matched, matches) switch
        {
            (false, true) => new ObjectEvent(WatchEventType.Added, now),
            (true, true) => new ObjectEvent(WatchEventType.Modified, now),
            (true, false) => new ObjectEvent(WatchEventType.Deleted, before!),
            _ => null,
        };
    }
}
