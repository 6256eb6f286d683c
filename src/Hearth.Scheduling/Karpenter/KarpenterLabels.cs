using System.Collections.Frozen;

namespace Hearth.Scheduling.Karpenter;

/// <summary>Labels, annotations, taints and finalizers of Karpenter on AWS and of Kubernetes' topology.</summary>
public static class KarpenterLabels
{
    public const string NodePool = "karpenter.sh/nodepool";
    public const string CapacityType = "karpenter.sh/capacity-type";
    public const string Registered = "karpenter.sh/registered";
    public const string Initialized = "karpenter.sh/initialized";
    public const string NodeClass = "karpenter.k8s.aws/ec2nodeclass";
    public const string Zone = "topology.kubernetes.io/zone";
    public const string ZoneId = "topology.k8s.aws/zone-id";
    public const string Region = "topology.kubernetes.io/region";
    public const string InstanceType = "node.kubernetes.io/instance-type";
    public const string Arch = "kubernetes.io/arch";
    public const string Os = "kubernetes.io/os";
    public const string Hostname = "kubernetes.io/hostname";
    public const string WindowsBuild = "node.kubernetes.io/windows-build";

    /// <summary>Prefix of the labels that describe an instance type, for example <c>karpenter.k8s.aws/instance-cpu</c>.</summary>
    public const string InstancePrefix = "karpenter.k8s.aws/instance-";

    /// <summary>Keeps Hearth's simulated instances apart from real ones.</summary>
    public const string Simulated = "hearth.dev/simulated";

    /// <summary>Set on nodes of a managed node group, as EKS does.</summary>
    public const string NodeGroup = "eks.amazonaws.com/nodegroup";

    /// <summary>ON_DEMAND or SPOT, set on nodes of a managed node group.</summary>
    public const string NodeGroupCapacityType = "eks.amazonaws.com/capacityType";

    /// <summary>Annotation: <c>true</c>, or on pods a Go duration counted from the pod's start.</summary>
    public const string DoNotDisrupt = "karpenter.sh/do-not-disrupt";

    /// <summary>Annotation of nodes and claims: USD an hour as a decimal.</summary>
    public const string PricePerHour = "cost.hearth.dev/usd-per-hour";

    /// <summary>Annotation of nodes and claims: where the price is from, and what is assumed.</summary>
    public const string PriceBasis = "cost.hearth.dev/price-basis";

    /// <summary>Annotation: hash of the pool's template when the claim was made.</summary>
    public const string NodePoolHash = "karpenter.sh/nodepool-hash";

    /// <summary>Annotation: how <see cref="NodePoolHash"/> was made.</summary>
    public const string NodePoolHashVersion = "karpenter.sh/nodepool-hash-version";

    /// <summary>Annotation: hash of the static fields of the class when the claim was launched.</summary>
    public const string NodeClassHash = "karpenter.k8s.aws/ec2nodeclass-hash";

    /// <summary>Annotation: how <see cref="NodeClassHash"/> was made.</summary>
    public const string NodeClassHashVersion = "karpenter.k8s.aws/ec2nodeclass-hash-version";

    /// <summary>Annotation of simulated nodes: hash of the class's subnet selector, in place of the subnet that EC2 would name.</summary>
    public const string SubnetsHash = "hearth.dev/subnet-selector-hash";

    /// <summary>Annotation of simulated nodes: hash of the class's security group selector, in place of the groups that EC2 would name.</summary>
    public const string SecurityGroupsHash = "hearth.dev/security-group-selector-hash";

    /// <summary>Annotation of claims: when a simulated instance that is being taken back ends (RFC 3339).</summary>
    public const string InstanceEnds = "hearth.dev/instance-ends-at";

    /// <summary>Annotation: when draining ends whatever is left (RFC 3339).</summary>
    public const string TerminationTimestamp = "karpenter.sh/nodeclaim-termination-timestamp";

    /// <summary>Finalizer of claims and of their nodes.</summary>
    public const string TerminationFinalizer = "karpenter.sh/termination";

    /// <summary>Taint of a node that is chosen for disruption or draining (NoSchedule).</summary>
    public const string DisruptedTaint = "karpenter.sh/disrupted";

    /// <summary>Taint of a node from its boot to its registration (NoExecute).</summary>
    public const string UnregisteredTaint = "karpenter.sh/unregistered";

    /// <summary>On claims: whether they have fewer values than minValues asks for.</summary>
    public const string MinValuesRelaxed = "karpenter.sh/nodeclaim-min-values-relaxed";

    public const string OnDemand = "on-demand";
    public const string Spot = "spot";
    public const string Reserved = "reserved";

    /// <summary>Labels that every node will have without being named by a pool; a pod may ask for them on a node that does not exist yet.</summary>
    public static FrozenSet<string> WellKnown { get; } = new[]
    {
        NodePool, CapacityType, Zone, ZoneId, Region, InstanceType, Arch, Os, WindowsBuild,
        InstancePrefix + "category", InstancePrefix + "family", InstancePrefix + "generation", InstancePrefix + "size", InstancePrefix + "cpu",
        InstancePrefix + "cpu-manufacturer", InstancePrefix + "cpu-sustained-clock-speed-mhz", InstancePrefix + "memory", InstancePrefix + "hypervisor",
        InstancePrefix + "local-nvme", InstancePrefix + "ebs-bandwidth", InstancePrefix + "network-bandwidth",
        InstancePrefix + "encryption-in-transit-supported", InstancePrefix + "gpu-name", InstancePrefix + "gpu-manufacturer",
        InstancePrefix + "gpu-count", InstancePrefix + "gpu-memory", InstancePrefix + "accelerator-name",
        InstancePrefix + "accelerator-manufacturer", InstancePrefix + "accelerator-count", InstancePrefix + "capability-flex", InstancePrefix + "tenancy",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The present name of a label that has an older alias.</summary>
    public static string Normalize(string key) => key switch
    {
        "failure-domain.beta.kubernetes.io/zone" => Zone,
        "failure-domain.beta.kubernetes.io/region" => Region,
        "beta.kubernetes.io/arch" => Arch,
        "beta.kubernetes.io/os" => Os,
        "beta.kubernetes.io/instance-type" => InstanceType,
        _ => key,
    };

    /// <summary>Names that a label had before, which <see cref="Normalize"/> understands.</summary>
    public static ReadOnlySpan<string> OlderNames(string key) => key switch
    {
        Zone => OlderZone,
        Region => OlderRegion,
        Arch => OlderArch,
        Os => OlderOs,
        InstanceType => OlderInstanceType,
        _ => [],
    };

    private static readonly string[] OlderZone = ["failure-domain.beta.kubernetes.io/zone"];
    private static readonly string[] OlderRegion = ["failure-domain.beta.kubernetes.io/region"];
    private static readonly string[] OlderArch = ["beta.kubernetes.io/arch"];
    private static readonly string[] OlderOs = ["beta.kubernetes.io/os"];
    private static readonly string[] OlderInstanceType = ["beta.kubernetes.io/instance-type"];
}
