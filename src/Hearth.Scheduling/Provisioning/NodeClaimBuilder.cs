using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Karpenter.Versions;

namespace Hearth.Scheduling.Provisioning;

/// <summary>The NodeClaim object of a planned claim, as Karpenter writes it.</summary>
public static class NodeClaimBuilder
{
    /// <summary>Ready to be created; the server gives the name from <c>generateName</c>.</summary>
    /// <exception cref="InvalidOperationException">The claim's pool was not read from a NodePool object.</exception>
    public static NodeClaim Build(PlannedClaim claim)
    {
        var pool = claim.Pool.Source ?? throw new InvalidOperationException("only claims of a NodePool object can be created");
        var template = pool.Spec?.Template;
        return new NodeClaim
        {
            Metadata = new ObjectMeta
            {
                GenerateName = pool.Metadata.Name + "-",
                Labels = Labels(claim),
                Annotations = Annotations(pool, claim),
                Finalizers = [KarpenterLabels.TerminationFinalizer],
                OwnerReferences =
                [
                    new()
                    {
                        ApiVersion = NodePool.Type.ApiVersion,
                        Kind = NodePool.Type.Kind,
                        Name = pool.Metadata.Name!,
                        Uid = pool.Metadata.Uid ?? "",
                        BlockOwnerDeletion = true,
                    },
                ],
            },
            Spec = new NodeClaimSpec
            {
                Requirements = [.. claim.Requirements.Remove(KarpenterLabels.InstanceType).ToObjects(), Types(claim)],
                Resources = new() { Requests = claim.Requests.ToQuantities() },
                Taints = template?.Spec?.Taints,
                StartupTaints = template?.Spec?.StartupTaints,
                NodeClassRef = template?.Spec?.NodeClassRef,
                ExpireAfter = template?.Spec?.ExpireAfter ?? "720h",
                TerminationGracePeriod = template?.Spec?.TerminationGracePeriod,
            },
        };
    }

    private static NodeSelectorRequirement Types(PlannedClaim claim) => new()
    {
        Key = KarpenterLabels.InstanceType,
        Operator = "In",
        Values = [.. claim.Types.Select(t => t.Type.Name)],
        MinValues = claim.Requirements.Find(KarpenterLabels.InstanceType)?.MinValues,
    };

    /// <summary>Labels of a claim: those of its pool's template, and what is decided already.</summary>
    public static Dictionary<string, string> Labels(PlannedClaim claim)
    {
        var template = claim.Pool.Source?.Spec?.Template;
        var labels = new Dictionary<string, string>(template?.Metadata?.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var requirement in claim.Requirements.Items)
        {
            if (claim.Requirements.Single(requirement.Key) is { } only)
            {
                labels[requirement.Key] = only;
            }
            else if (!requirement.Complement && !requirement.Values.IsEmpty && !KarpenterLabels.WellKnown.Contains(requirement.Key))
            {
                labels[requirement.Key] = requirement.Values[0]; // a custom label with several values gets one of them
            }
        }

        return labels;
    }

    private static Dictionary<string, string> Annotations(NodePool pool, PlannedClaim claim)
    {
        var annotations = new Dictionary<string, string>(
            pool.Spec?.Template?.Metadata?.Annotations ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        if (pool.Metadata.Annotation(V1Beta1.Kubelet) is { } kubelet)
        {
            annotations[V1Beta1.Kubelet] = kubelet;
        }

        annotations[KarpenterLabels.MinValuesRelaxed] = claim.MinValuesRelaxed ? "true" : "false";
        annotations[KarpenterLabels.NodePoolHash] = ObjectHash.OfTemplate(pool);
        annotations[KarpenterLabels.NodePoolHashVersion] = ObjectHash.NodePoolVersion;
        return annotations;
    }
}
