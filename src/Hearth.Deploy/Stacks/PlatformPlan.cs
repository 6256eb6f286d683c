using Hearth.Deploy.Cluster;
using Hearth.Deploy.Iam;
using Hearth.Platform;
using Hearth.Platform.Jobs;
using Hearth.Platform.Text;

namespace Hearth.Deploy.Stacks;

/// <summary>A declaration and what follows from it for all stacks: where things are, what they are called, which features are on.</summary>
/// <param name="Platform">Complete and valid.</param>
/// <param name="Admins">ARNs of who administers the cluster.</param>
public sealed record PlatformPlan(PlatformDeclaration Platform, IReadOnlyList<string> Admins)
{
    /// <summary>Account and region.</summary>
    public Arns Where { get; } = new(Platform.Region, Platform.AccountId);

    /// <summary>The add-on decides: with the agent, Pod Identity; without, IRSA.</summary>
    public WorkloadIdentity Identity => Platform.IsEnabled("eks-pod-identity-agent") ? WorkloadIdentity.PodIdentity : WorkloadIdentity.Irsa;

    /// <summary>The add-on decides: Karpenter, else the Cluster Autoscaler.</summary>
    public Autoscaler Autoscaler => Platform.IsEnabled("karpenter") ? Autoscaler.Karpenter : Autoscaler.ClusterAutoscaler;

    /// <summary>Whether there is a Lustre file system.</summary>
    public bool Lustre => Platform.IsEnabled("aws-fsx-csi-driver");

    /// <summary>The default job configurations whose nodes are declared.</summary>
    public IReadOnlyList<string> Jobs => DefaultJobs.Of(Platform);

    /// <summary>Bucket that a Lustre file system mirrors.</summary>
    public string LustreBucket => ShortName.Of($"{Platform.Name.ToLowerInvariant()}-fsx-{Platform.AccountId}-{Platform.Region}", 63);

    /// <summary>EKS add-ons that are on, with their version.</summary>
    public IReadOnlyDictionary<string, string> EksAddons => AddonCatalog.All
        .Where(a => a.Source == "eks" && Platform.IsEnabled(a.Name))
        .ToDictionary(a => a.Name, a => Platform.Addons.TryGetValue(a.Name, out var s) ? s.Version : "", StringComparer.Ordinal);

    /// <summary>
    /// What contradicts AWS though the declaration itself is valid. Checked before anything is made.
    /// </summary>
    public IEnumerable<PlatformFault> Faults() => [.. Features(), .. PlatformLimits.Faults(this)];

    private IEnumerable<PlatformFault> Features()
    {
        if (Platform.IsEnabled("karpenter") && Platform.IsEnabled("cluster-autoscaler"))
        {
            yield return new PlatformFault("spec.addons.cluster-autoscaler", "karpenter and cluster-autoscaler would both scale the same pods; switch one off");
        }

        if (Autoscaler == Autoscaler.ClusterAutoscaler && Platform.NodePools.Count > 0)
        {
            yield return new PlatformFault("spec.nodePools", "node pools need Karpenter; switch spec.addons.karpenter on or declare node groups");
        }

        if (!Platform.NodeGroups.Any(g => g.MinSize > 0))
        {
            yield return new PlatformFault("spec.nodeGroups", "add-ons and the autoscaler need nodes from the start; declare a group with minSize 1 or more");
        }

        if (Platform.Studio.IsDeclared && !Platform.IsEnabled("aws-load-balancer-controller"))
        {
            yield return new PlatformFault("spec.addons.aws-load-balancer-controller", "managed endpoints need the AWS Load Balancer Controller; enable it");
        }
    }
}
