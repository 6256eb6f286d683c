using System.Net;
using Hearth.Aws.Eks;

namespace Hearth.Aws;

/// <summary>Where and as what the AWS endpoint runs.</summary>
public sealed record AwsEndpointOptions
{
    /// <summary>Address to listen on; loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>For example <c>us-west-2</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Twelve digits.</summary>
    public required string AccountId { get; init; }

    /// <summary>Team by bucket, for buckets that were declared; others belong to whoever made them.</summary>
    public IReadOnlyDictionary<string, string> BucketTeams { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The Kubernetes cluster that the EKS calls show.</summary>
    public required EksCluster Cluster { get; init; }

    /// <summary>Team by namespace: which team may use which virtual cluster. Namespaces without a team are the administrator's.</summary>
    public IReadOnlyDictionary<string, string> NamespaceTeams { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
