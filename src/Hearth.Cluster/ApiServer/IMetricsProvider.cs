namespace Hearth.Cluster.ApiServer;

/// <summary>Measured use of a container or node.</summary>
/// <param name="CpuNanoCores">CPU over the window, in 10^-9 cores.</param>
/// <param name="MemoryBytes">Working set, in bytes.</param>
public readonly record struct ResourceUsage(long CpuNanoCores, long MemoryBytes);

/// <summary>Use of a node.</summary>
/// <param name="Name">Of the node.</param>
/// <param name="Time">End of the window.</param>
/// <param name="Window">Over which CPU was measured.</param>
/// <param name="Usage">What it used.</param>
public sealed record NodeUsage(string Name, DateTimeOffset Time, TimeSpan Window, ResourceUsage Usage);

/// <summary>Use of a pod, container by container.</summary>
/// <param name="Namespace">Of the pod.</param>
/// <param name="Name">Of the pod.</param>
/// <param name="Time">End of the window.</param>
/// <param name="Window">Over which CPU was measured.</param>
/// <param name="Containers">Use by container name.</param>
public sealed record PodUsage(string Namespace, string Name, DateTimeOffset Time, TimeSpan Window, IReadOnlyDictionary<string, ResourceUsage> Containers);

/// <summary>Where the figures of the group metrics.k8s.io come from.</summary>
public interface IMetricsProvider
{
    /// <summary>The newest figures of every node that has some.</summary>
    Task<IReadOnlyList<NodeUsage>> NodesAsync(CancellationToken ct);

    /// <summary>The newest figures of every pod of a namespace, or (null) of all.</summary>
    Task<IReadOnlyList<PodUsage>> PodsAsync(string? ns, CancellationToken ct);
}
