using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cluster.Controllers.Ledger;

/// <summary>What a record says about a node. Pure.</summary>
internal static class NodeRecords
{
    /// <summary>The record's content, or null for a node without a price.</summary>
    public static NodeRecordSpec? Of(Node node) => node.Metadata.Annotation(KarpenterLabels.PricePerHour) is not { } price
        ? null
        : new NodeRecordSpec
        {
            NodeName = node.Metadata.Name,
            NodePool = node.Metadata.Label(KarpenterLabels.NodePool),
            NodeGroup = node.Metadata.Label(KarpenterLabels.NodeGroup),
            NodeClaim = node.Metadata.OwnerReferences?.FirstOrDefault(o => o.Kind == NodeClaim.Type.Kind)?.Name,
            InstanceType = node.Metadata.Label(KarpenterLabels.InstanceType),
            CapacityType = node.Metadata.Label(KarpenterLabels.CapacityType)
                ?? node.Metadata.Label(KarpenterLabels.NodeGroupCapacityType)?.ToLowerInvariant().Replace('_', '-'),
            Zone = node.Metadata.Label(KarpenterLabels.Zone),
            Region = node.Metadata.Label(KarpenterLabels.Region),
            UsdPerHour = price,
            PriceBasis = node.Metadata.Annotation(KarpenterLabels.PriceBasis),
            Simulated = node.Metadata.Label(KarpenterLabels.Simulated) == "true",
            Allocatable = node.Status?.Allocatable,
            StartedAt = node.Metadata.CreationTimestamp,
        };
}
