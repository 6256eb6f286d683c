using System.Text.RegularExpressions;
using Hearth.Deploy.Iam;
using Hearth.Deploy.Network;

namespace Hearth.Deploy.Cluster;

/// <summary>What adds and removes nodes.</summary>
public enum Autoscaler
{
    /// <summary>Node pools; instances come straight from EC2.</summary>
    Karpenter,

    /// <summary>Managed node groups between their sizes.</summary>
    ClusterAutoscaler,
}

/// <summary>How pods of add-ons get AWS credentials.</summary>
public enum WorkloadIdentity
{
    /// <summary>EKS Pod Identity: associations, no provider per cluster; needs the add-on eks-pod-identity-agent.</summary>
    PodIdentity,

    /// <summary>IAM roles for service accounts, through the cluster's OIDC provider; works on every version.</summary>
    Irsa,
}

/// <summary>What <see cref="EmrEksCluster"/> makes. Only the first three have no default.</summary>
public sealed partial record EmrEksClusterProps
{
    /// <summary>1 to 100 of letters, digits, <c>-</c> and <c>_</c>; also the prefix of names of roles, queues and log groups.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Account and region.</summary>
    public required Arns Where { get; init; }

    /// <summary>The VPC's subnets; two zones or more.</summary>
    public required ClusterNetwork Network { get; init; }

    /// <summary>As <c>1.33</c>.</summary>
    public string KubernetesVersion { get; init; } = "1.33";

    /// <summary>What adds and removes nodes.</summary>
    public Autoscaler Autoscaler { get; init; } = Autoscaler.Karpenter;

    /// <summary>How pods get their role.</summary>
    public WorkloadIdentity Identity { get; init; } = WorkloadIdentity.PodIdentity;

    /// <summary>IAM users or roles that administer the cluster (access entries). Whoever deploys must be among them to install software in it.</summary>
    public IReadOnlyList<string> AdminArns { get; init; } = [];

    /// <summary>Whether the API answers outside the VPC.</summary>
    public bool PublicApi { get; init; } = true;

    /// <summary>Who may reach a public API.</summary>
    public IReadOnlyList<string> PublicApiCidrs { get; init; } = ["0.0.0.0/0"];

    /// <summary>Control-plane logs that are kept: api, audit, authenticator, controllerManager, scheduler.</summary>
    public IReadOnlyList<string> ControlPlaneLogs { get; init; } = ["api", "audit", "authenticator"];

    /// <summary>A retention that CloudWatch Logs knows, in days.</summary>
    public int ControlPlaneLogDays { get; init; } = 90;

    /// <summary>True adds the node groups of <see cref="DefaultNodes"/> (tooling, critical, shared, notebook), or its node pools under Karpenter.</summary>
    public bool DefaultNodes { get; init; }

    /// <summary>EKS add-ons by name with their version; an empty version is the cluster version's default. vpc-cni, coredns and kube-proxy are always there.</summary>
    public IReadOnlyDictionary<string, string> EksAddons { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["aws-ebs-csi-driver"] = "" };

    /// <summary>Lets nodes be reached with SSM Session Manager. Off: it is a way into every node.</summary>
    public bool SessionManagerOnNodes { get; init; }

    /// <summary>Opens the Lustre ports between nodes and FSx file systems.</summary>
    public bool Lustre { get; init; }

    internal void Check() => new PropsCheck(nameof(EmrEksClusterProps))
        .Require(ClusterNamePattern().IsMatch(ClusterName), nameof(ClusterName), $"'{ClusterName}' is no cluster name: 1 to 100 letters, digits, - and _, a letter or digit first")
        .Require(AccountPattern().IsMatch(Where.Account), "Where.Account", $"'{Where.Account}' is no account: twelve digits")
        .Require(VersionPattern().IsMatch(KubernetesVersion), nameof(KubernetesVersion), $"'{KubernetesVersion}' is no Kubernetes minor version, as 1.33")
        .Require(Network.Subnets.Select(s => s.Zone).Distinct(StringComparer.Ordinal).Count() >= 2, "Network.Subnets", "EKS needs subnets in two zones or more")
        .Require(PublicApi == (PublicApiCidrs.Count > 0) || !PublicApi, nameof(PublicApiCidrs), "say who may reach the public API, or set PublicApi to false")
        .Require(Identity == WorkloadIdentity.Irsa || EksAddons.ContainsKey("eks-pod-identity-agent"), nameof(EksAddons),
            "PodIdentity needs the add-on eks-pod-identity-agent; add it or choose Irsa")
        .Require(AdminArns.All(a => a.StartsWith("arn:", StringComparison.Ordinal)), nameof(AdminArns), "administrators are ARNs of IAM users or roles")
        .Throw();

    [GeneratedRegex("^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ClusterNamePattern();

    [GeneratedRegex("^[0-9]{12}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AccountPattern();

    [GeneratedRegex(@"^1\.[0-9]{2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VersionPattern();
}
