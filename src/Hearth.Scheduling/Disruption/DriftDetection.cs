using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Disruption;

/// <summary>
/// Whether a node is still what its pool and class ask for (Karpenter, nodeclaim/disruption/drift.go; karpenter-provider-aws, cloudprovider/drift.go). What on AWS is looked
/// up in the account (images, subnets, security groups) is here what the class declares: a changed selector is a drift.
/// </summary>
public static class DriftDetection
{
    /// <summary>The reason of the condition Drifted, or null when nothing has drifted.</summary>
    /// <param name="claim">A launched claim.</param>
    /// <param name="pool">Its pool.</param>
    /// <param name="nodeClass">Its class, or null when it is gone: then only the pool is compared.</param>
    /// <param name="isSold">Whether the region still has an instance type.</param>
    public static string? Reason(NodeClaim claim, NodePool pool, Ec2NodeClass? nodeClass, Func<string, bool> isSold)
    {
        if (Differs(claim, KarpenterLabels.NodePoolHash, KarpenterLabels.NodePoolHashVersion, ObjectHash.NodePoolVersion, () => ObjectHash.OfTemplate(pool)))
        {
            return "NodePoolDrifted";
        }

        var wanted = RequirementSet.From(pool.Spec?.Template?.Spec?.Requirements);
        if (RequirementSet.OfLabels(claim.Metadata.Labels).Conflict(wanted, static _ => false) is not null)
        {
            return "RequirementsDrifted";
        }

        if (claim.Metadata.Label(KarpenterLabels.InstanceType) is { } type && !isSold(type))
        {
            return "InstanceTypeNotFound";
        }

        return nodeClass is null ? null : OfClass(claim, nodeClass);
    }

    /// <summary>Annotations that a claim needs to be compared with its class later on.</summary>
    public static IReadOnlyDictionary<string, string> Marks(Ec2NodeClass nodeClass) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [KarpenterLabels.NodeClassHash] = ObjectHash.OfStaticFields(nodeClass),
        [KarpenterLabels.NodeClassHashVersion] = ObjectHash.NodeClassVersion,
        [KarpenterLabels.SubnetsHash] = ObjectHash.OfTerms(nodeClass, "subnetSelectorTerms"),
        [KarpenterLabels.SecurityGroupsHash] = ObjectHash.OfTerms(nodeClass, "securityGroupSelectorTerms"),
    };

    private static string? OfClass(NodeClaim claim, Ec2NodeClass nodeClass)
    {
        if (Differs(claim, KarpenterLabels.NodeClassHash, KarpenterLabels.NodeClassHashVersion, ObjectHash.NodeClassVersion, () => ObjectHash.OfStaticFields(nodeClass)))
        {
            return "NodeClassDrift";
        }

        if (claim.Status?.ImageID is { } image && claim.Metadata.Annotation(KarpenterLabels.NodeClassHash) is not null && !ObjectHash.Images(nodeClass).Contains(image, StringComparer.Ordinal))
        {
            return "AMIDrift";
        }

        return Differs(claim, KarpenterLabels.SubnetsHash, () => ObjectHash.OfTerms(nodeClass, "subnetSelectorTerms")) ? "SubnetDrift"
            : Differs(claim, KarpenterLabels.SecurityGroupsHash, () => ObjectHash.OfTerms(nodeClass, "securityGroupSelectorTerms")) ? "SecurityGroupDrift"
            : null;
    }

    private static bool Differs(NodeClaim claim, string annotation, string versionAnnotation, string version, Func<string> now) =>
        claim.Metadata.Annotation(versionAnnotation) == version && Differs(claim, annotation, now);

    private static bool Differs(NodeClaim claim, string annotation, Func<string> now) =>
        claim.Metadata.Annotation(annotation) is { } then && then != now();
}
