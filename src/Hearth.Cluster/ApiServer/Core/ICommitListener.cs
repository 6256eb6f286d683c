using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Learns of every write of this server after it is durable and before the client gets its answer.</summary>
internal interface ICommitListener
{
    /// <summary>What was written.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="type">Put or delete.</param>
    /// <param name="written">The object (of a deletion: its last state).</param>
    /// <param name="created">Whether it was new.</param>
    /// <param name="ct">Cancelled when the client went away: what must happen, must not depend on it.</param>
    ValueTask CommittedAsync(ResourceDefinition resource, ChangeType type, StoredObject written, bool created, CancellationToken ct);
}
