namespace Hearth.Cluster.Store;

/// <summary>One key and its value as of one revision.</summary>
/// <param name="Key">The key, compared ordinally, never empty.</param>
/// <param name="Value">The bytes as written; shared, so nobody may change them.</param>
/// <param name="CreateRevision">Revision of the write that created the key (a delete followed by a put creates anew).</param>
/// <param name="ModRevision">Revision of the write that produced this value.</param>
public readonly record struct StoredValue(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision);

/// <summary>What a <see cref="Change"/> did.</summary>
public enum ChangeType
{
    /// <summary>The key was created (<see cref="Change.Previous"/> is null) or overwritten.</summary>
    Put,

    /// <summary>The key was removed.</summary>
    Delete,
}

/// <summary>One committed, durable change. Every change has a revision of its own, without gaps.</summary>
/// <param name="Type">Put or delete.</param>
/// <param name="Revision">The revision of this change.</param>
/// <param name="Current">The new value; for a delete the last value, with ModRevision = the revision of the deletion.</param>
/// <param name="Previous">The value before this change, null when the key did not exist.</param>
public sealed record Change(ChangeType Type, long Revision, StoredValue Current, StoredValue? Previous);

/// <summary>A consistent part of the store.</summary>
/// <param name="Items">In ordinal key order.</param>
/// <param name="Revision">The revision that the whole slice shows.</param>
/// <param name="Remaining">How many keys of the prefix follow after the last item.</param>
public sealed record StoreSlice(IReadOnlyList<StoredValue> Items, long Revision, int Remaining)
{
    /// <summary>True when the limit cut the list.</summary>
    public bool More => Remaining > 0;
}

/// <summary>The answer to a write: committed and on disk, or refused because the expectation did not hold.</summary>
/// <param name="Committed">False is a conflict; nothing was written.</param>
/// <param name="Revision">The revision of the write, or on a conflict the revision at which it was judged.</param>
/// <param name="Current">
/// Committed: the value as stored (for a delete the last value with the deletion's revision).
/// Conflict: the value that stands there now, null when the key does not exist.
/// </param>
public readonly record struct WriteResult(bool Committed, long Revision, StoredValue? Current);

/// <summary>One write of a transaction.</summary>
/// <param name="Type">Put or delete.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The new bytes; ignored for a delete. Kept, not copied: the caller must not change them afterwards.</param>
/// <param name="ExpectedModRevision">null: any state; 0: the key must not exist; otherwise the key must have exactly this ModRevision.</param>
public readonly record struct Mutation(ChangeType Type, string Key, ReadOnlyMemory<byte> Value, long? ExpectedModRevision)
{
    /// <summary>Writes a value.</summary>
    public static Mutation Put(string key, ReadOnlyMemory<byte> value, long? expectedModRevision = null) =>
        new(ChangeType.Put, key, value, expectedModRevision);

    /// <summary>Removes a key; removing a missing key is a conflict.</summary>
    public static Mutation Delete(string key, long? expectedModRevision = null) =>
        new(ChangeType.Delete, key, default, expectedModRevision);
}

/// <summary>The answer to a transaction.</summary>
/// <param name="Results">Committed: one for each mutation, in order. Refused: exactly one, the conflict.</param>
/// <param name="ConflictIndex">The mutation that was refused, -1 when all are committed.</param>
public sealed record TransactionResult(IReadOnlyList<WriteResult> Results, int ConflictIndex)
{
    /// <summary>True: all mutations are on disk. False: none is.</summary>
    public bool Committed => ConflictIndex < 0;
}
