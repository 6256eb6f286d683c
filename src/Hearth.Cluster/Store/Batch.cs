namespace Hearth.Cluster.Store;

/// <summary>The state that readers see: swapped as a whole at each commit.</summary>
internal sealed record StoreState(KeyTree Tree, long Revision);

/// <summary>Judges transactions one after the other on top of a state, without any effect outside: what to log and what the state will be.</summary>
internal sealed class Batch(StoreState state)
{
    private KeyTree _tree = state.Tree;

    /// <summary>The changes of all committed transactions so far, in revision order.</summary>
    public List<Change> Changes { get; } = [];

    public long FirstRevision => state.Revision + 1;

    public long Revision => state.Revision + Changes.Count;

    public StoreState Result => new(_tree, Revision);

    /// <summary>All mutations, or, when one does not meet its expectation, none.</summary>
    public TransactionResult Apply(IReadOnlyList<Mutation> mutations)
    {
        var (treeBefore, changesBefore) = (_tree, Changes.Count);
        var results = new WriteResult[mutations.Count];
        for (var i = 0; i < mutations.Count; i++)
        {
            results[i] = Apply(mutations[i]);
            if (!results[i].Committed)
            {
                _tree = treeBefore;
                Changes.RemoveRange(changesBefore, Changes.Count - changesBefore);
                return new TransactionResult([new WriteResult(Committed: false, Revision, Current(mutations[i].Key))], i);
            }
        }

        return new TransactionResult(results, -1);
    }

    private StoredValue? Current(string key) => _tree.TryGet(key, out var found) ? found : null;

    private WriteResult Apply(Mutation mutation)
    {
        var current = Current(mutation.Key);
        var expected = mutation.ExpectedModRevision;
        var conflict = (expected is not null && expected != (current?.ModRevision ?? 0))
            || (mutation.Type == ChangeType.Delete && current is null);
        if (conflict)
        {
            return new WriteResult(Committed: false, Revision, current);
        }

        var revision = Revision + 1;
        var change = Redo(_tree, mutation.Type, mutation.Key, mutation.Value, revision);
        _tree = Advance(_tree, change);
        Changes.Add(change);
        return new WriteResult(Committed: true, revision, change.Current);
    }

    /// <summary>The change that an unconditional write makes to a tree.</summary>
    public static Change Redo(KeyTree tree, ChangeType type, string key, ReadOnlyMemory<byte> value, long revision)
    {
        StoredValue? previous = tree.TryGet(key, out var found) ? found : null;
        return type == ChangeType.Put
            ? new Change(type, revision, new StoredValue(key, value, previous?.CreateRevision ?? revision, revision), previous)
            : new Change(type, revision, previous!.Value with { ModRevision = revision }, previous);
    }

    public static KeyTree Advance(KeyTree tree, Change change) =>
        change.Type == ChangeType.Put ? tree.Set(change.Current) : tree.Remove(change.Current.Key);
}
