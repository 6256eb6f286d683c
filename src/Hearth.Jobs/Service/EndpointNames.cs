using System.Security.Cryptography;
using System.Text;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Service;

/// <summary>
/// Names and ids of what an endpoint has around it, all of them functions of its ids, so that every part of the platform says the same.
/// Source: EMR on EKS development guide (interactive endpoints), naming of the AWS Load Balancer Controller.
/// </summary>
public static class EndpointNames
{
    private const int Port = 18888;

    /// <summary>The tag by which clients find the load balancer of an endpoint.</summary>
    public const string StackTag = "ingress.k8s.aws/stack";

    /// <summary>Everything that an endpoint has in EC2 and Elastic Load Balancing.</summary>
    public static EndpointNetwork Network(ManagedEndpoint endpoint, JobServiceOptions options)
    {
        var (ns, cluster, id) = (endpoint.Metadata.Namespace ?? "", endpoint.Spec.VirtualClusterId ?? "", endpoint.Id);
        return new EndpointNetwork
        {
            EndpointId = id,
            VirtualClusterId = cluster,
            Namespace = ns,
            LoadBalancerName = LoadBalancer(ns, id),
            DnsName = DnsName(ns, id, options.Region),
            LoadBalancerTags = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["elbv2.k8s.aws/cluster"] = options.ClusterName,
                ["ingress.k8s.aws/resource"] = "LoadBalancer",
                [StackTag] = $"{ns}/ingress-{id}",
            },
            SecurityGroupId = SecurityGroup(cluster, id),
            SecurityGroupName = $"emr-containers-lb-{cluster}-{id}",
            SubnetIds = options.SubnetIds,
            CreatedAt = endpoint.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
            Active = endpoint.State == EndpointState.Active,
        };
    }

    /// <summary>Where the gateway of an endpoint would listen.</summary>
    public static string ServerUrl(string ns, string id, string region) => FormattableString.Invariant($"https://{DnsName(ns, id, region)}:{Port}");

    /// <summary>ARN of the certificate that was made for an endpoint.</summary>
    public static string CertificateArn(string id, JobServiceOptions options)
    {
        var hex = Hash("certificate", id);
        return $"arn:{options.Partition}:acm:{options.Region}:{options.AccountId}:certificate/{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..32]}";
    }

    private static string LoadBalancer(string ns, string id) => $"k8s-{Short(ns)}-ingress{id[0]}-{Hash("load balancer", ns, id)[..10]}";

    private static string DnsName(string ns, string id, string region) =>
        $"internal-{LoadBalancer(ns, id)}-{Convert.ToUInt32(Hash("dns", ns, id)[..8], 16)}.{region}.elb.amazonaws.com";

    private static string SecurityGroup(string cluster, string id) => $"sg-0{Hash("security group", cluster, id)[..16]}";

    // The controller keeps eight letters and digits of each name.
    private static string Short(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Take(8)]);

    private static string Hash(params ReadOnlySpan<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('/', parts.ToArray()))));
}
