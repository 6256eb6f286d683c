using System.Security.Cryptography;
using System.Text;
using Hearth.Platform;

namespace Hearth.Aws.Ec2;

/// <summary>A subnet with its id.</summary>
public sealed record EstateSubnet(string Id, Subnet Declared);

/// <summary>A security group.</summary>
public sealed record EstateSecurityGroup(string Id, string Name, string Description, IReadOnlyDictionary<string, string> Tags);

/// <summary>
/// What a declaration would have in EC2 and its neighbours, under ids that are the same at every start. Nothing of it exists on a simulated platform:
/// it is told to clients that look for it.
/// </summary>
public sealed class Estate
{
    private readonly PlatformDeclaration platform;

    /// <summary>The estate of a declaration.</summary>
    public Estate(PlatformDeclaration platform)
    {
        this.platform = platform;
        VpcId = Id("vpc", "vpc");
        Subnets = [.. platform.Network.Subnets.Select(s => new EstateSubnet(Id("subnet", $"subnet/{s.Name}/{s.Cidr}"), s))];
        var owned = new Dictionary<string, string>(StringComparer.Ordinal) { [$"kubernetes.io/cluster/{platform.Name}"] = "owned" };
        ClusterSecurityGroup = new EstateSecurityGroup(
            Id("sg", "cluster"), $"eks-cluster-sg-{platform.Name}", "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
            new Dictionary<string, string>(owned, StringComparer.Ordinal) { ["aws:eks:cluster-name"] = platform.Name, ["Name"] = $"eks-cluster-sg-{platform.Name}" });
        NodeSecurityGroup = new EstateSecurityGroup(
            Id("sg", "node"), $"{platform.Name}-node", "EKS node shared security group",
            new Dictionary<string, string>(owned, StringComparer.Ordinal) { ["karpenter.sh/discovery"] = platform.Name, ["Name"] = $"{platform.Name}-node" });
        WorkspaceId = $"ws-{Uuid("workspace")}";
    }

    /// <summary>The declaration.</summary>
    public PlatformDeclaration Platform => platform;

    /// <summary>The VPC.</summary>
    public string VpcId { get; }

    /// <summary>Its subnets.</summary>
    public IReadOnlyList<EstateSubnet> Subnets { get; }

    /// <summary>Ids of the subnets of a kind; all when there is none of the kind.</summary>
    public IReadOnlyList<string> SubnetIds(string kind) =>
        Subnets.Where(s => string.Equals(s.Declared.Kind, kind, StringComparison.Ordinal)).Select(s => s.Id).ToArray() is { Length: > 0 } some ? some : [.. Subnets.Select(s => s.Id)];

    /// <summary>The control plane's security group.</summary>
    public EstateSecurityGroup ClusterSecurityGroup { get; }

    /// <summary>The nodes' security group.</summary>
    public EstateSecurityGroup NodeSecurityGroup { get; }

    /// <summary>The Prometheus workspace.</summary>
    public string WorkspaceId { get; }

    /// <summary>The node groups that really exist.</summary>
    public IReadOnlyList<NodeGroup> NodeGroups => [.. platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones))];

    /// <summary>An id in the form of EC2's: a kind and 17 hex digits.</summary>
    public string Id(string kind, string name) => $"{kind}-0{Hash(name)[..16]}";

    /// <summary>A UUID for a name.</summary>
    public string Uuid(string name)
    {
        var hex = Hash(name);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..32]}";
    }

    private string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{platform.AccountId}/{platform.Region}/{platform.Name}/{name}")));
}
