using System.Collections.Immutable;

namespace Hearth.Engine.Delta.Log;

/// <summary>The state of a table at a version: what is left after replaying the log (Delta protocol, "Action Reconciliation").</summary>
internal sealed record Snapshot
{
    /// <summary>A table before its first commit.</summary>
    public static readonly Snapshot Empty = new();

    private Snapshot()
    {
    }

    /// <summary>The version; -1 before the first commit.</summary>
    public long Version { get; init; } = -1;

    /// <summary>Time of the version's commit, ms since the epoch.</summary>
    public long Timestamp { get; init; }

    public TableProtocol? ProtocolOrNull { get; init; }

    public Metadata? MetadataOrNull { get; init; }

    /// <summary>Live files by <see cref="AddFile.Key"/>.</summary>
    public ImmutableDictionary<string, AddFile> Files { get; init; } = ImmutableDictionary.Create<string, AddFile>(StringComparer.Ordinal);

    /// <summary>Removed files by key.</summary>
    public ImmutableDictionary<string, RemoveFile> Tombstones { get; init; } = ImmutableDictionary.Create<string, RemoveFile>(StringComparer.Ordinal);

    public ImmutableDictionary<string, SetTransaction> Transactions { get; init; } = ImmutableDictionary.Create<string, SetTransaction>(StringComparer.Ordinal);

    public ImmutableDictionary<string, DomainMetadata> Domains { get; init; } = ImmutableDictionary.Create<string, DomainMetadata>(StringComparer.Ordinal);

    public TableProtocol Protocol => ProtocolOrNull!;

    public Metadata Metadata => MetadataOrNull!;

    /// <summary>Live files, in order of their paths.</summary>
    public IReadOnlyList<AddFile> Sorted => [.. Files.Values.OrderBy(f => f.Path, StringComparer.Ordinal)];

    /// <summary>The state after more actions. Inside one commit their order has no meaning: a file that is removed and added is there.</summary>
    public Snapshot Apply(long version, IEnumerable<DeltaAction> actions)
    {
        Snapshot next = this with { Version = version };
        ImmutableDictionary<string, AddFile>.Builder files = Files.ToBuilder();
        ImmutableDictionary<string, RemoveFile>.Builder tombstones = Tombstones.ToBuilder();
        foreach (DeltaAction action in actions.OrderBy(a => a is RemoveFile ? 0 : 1))
        {
            switch (action)
            {
                case AddFile add:
                    files[add.Key] = add;
                    tombstones.Remove(add.Key);
                    break;
                case RemoveFile remove:
                    files.Remove(remove.Key);
                    tombstones[remove.Key] = remove;
                    break;
                case TableProtocol protocol:
                    next = next with { ProtocolOrNull = protocol };
                    break;
                case Metadata metadata:
                    next = next with { MetadataOrNull = metadata };
                    break;
                case SetTransaction transaction:
                    next = next with { Transactions = next.Transactions.SetItem(transaction.AppId, transaction) };
                    break;
                case DomainMetadata domain:
                    next = next with { Domains = domain.Removed ? next.Domains.Remove(domain.Domain) : next.Domains.SetItem(domain.Domain, domain) };
                    break;
                default:
                    break;
            }
        }

        return next with { Files = files.ToImmutable(), Tombstones = tombstones.ToImmutable() };
    }
}
