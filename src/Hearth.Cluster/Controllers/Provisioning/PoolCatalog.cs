using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Karpenter.Versions;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>A node pool as plans see it, or why it cannot be used.</summary>
internal sealed record PoolReading(PoolInfo? Info, string? Problem);

/// <summary>Reads pools against their classes and keeps the result while neither of them nor the capacity of the cloud changes: looking through the catalogue takes a moment.</summary>
internal sealed class PoolCatalog(ClusterInformers informers, SimulatedCloud cloud)
{
    private readonly Dictionary<string, (string Versions, PoolReading Reading)> _known = new(StringComparer.Ordinal);

    /// <summary>The pool as it is now.</summary>
    public PoolReading Read(NodePool pool)
    {
        var reference = pool.Spec?.Template?.Spec?.NodeClassRef;
        var nodeClass = informers.NodeClasses.Find(null, reference?.Name ?? "");
        var (refused, stand) = cloud.Capacity.Unavailable();
        var versions = $"{pool.Metadata.Uid}/{pool.Metadata.Generation}/{pool.Metadata.Annotation(V1Beta1.Kubelet)}/{nodeClass?.Metadata.Uid}/{nodeClass?.Metadata.Generation}/{stand}";
        lock (_known)
        {
            if (_known.TryGetValue(pool.Metadata.Name!, out var known) && known.Versions == versions && pool.Metadata.Generation is not null)
            {
                return known.Reading;
            }
        }

        var reading = Make(pool, reference, nodeClass, refused);
        lock (_known)
        {
            _known[pool.Metadata.Name!] = (versions, reading);
        }

        return reading;
    }

    private PoolReading Make(NodePool pool, NodeClassRef? reference, Ec2NodeClass? nodeClass, IReadOnlySet<OfferingKey> refused)
    {
        if (reference?.Kind != Ec2NodeClass.Type.Kind || reference.Group != Ec2NodeClass.Type.Group)
        {
            return new(null, $"nodeClassRef {reference?.Group}/{reference?.Kind} is not supported: use {Ec2NodeClass.Type.Group}/{Ec2NodeClass.Type.Kind}");
        }

        if (nodeClass is null || nodeClass.Metadata.IsDeleting())
        {
            return new(null, $"EC2NodeClass \"{reference.Name}\" not found");
        }

        try
        {
            return new(PoolInfo.From(pool, cloud.Describe(KubeletCompatibility.For(nodeClass, pool.Metadata)), cloud.Catalog, refused), null);
        }
        catch (FormatException e)
        {
            return new(null, e.Message);
        }
    }
}
