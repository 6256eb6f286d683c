using System.Net;
using Hearth.Aws.Athena;
using Hearth.Aws.CloudFormation;
using Hearth.Aws.Ec2;
using Hearth.Aws.Eks;
using Hearth.Aws.Iam;
using Hearth.Aws.Logs.Storage;
using Hearth.Aws.Signing;
using Hearth.Aws.Sts;
using Hearth.Aws.Tables;
using Hearth.Kube.Client;

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

    /// <summary>Users, roles and policies.</summary>
    public IIdentityStore Identities { get; init; } = new MemoryIdentityStore();

    /// <summary>Makes and reads session tokens.</summary>
    public SessionTokens Sessions { get; init; } = SessionTokens.Ephemeral();

    /// <summary>Checks the tokens of AssumeRoleWithWebIdentity; null: there is no identity provider.</summary>
    public IWebIdentityVerifier? WebIdentities { get; init; }

    /// <summary>What the declaration has in EC2 and its neighbours; null: ec2, elasticloadbalancing and aps are not there.</summary>
    public Estate? Estate { get; init; }

    /// <summary>The stacks that CloudFormation tells of; null, or without <see cref="Estate"/>: the service is not there.</summary>
    public IDeclaredStacks? Stacks { get; init; }

    /// <summary>The cluster, for nodes and managed endpoints; needed with <see cref="Estate"/>.</summary>
    public IKubeClient? KubeClient { get; init; }

    /// <summary>Documents of the cluster's OpenID issuer; null: they are not served.</summary>
    public OidcDocuments? Oidc { get; init; }

    /// <summary>CloudWatch Logs; null: the service is not there. Stays the caller's.</summary>
    public LogStorage? Logs { get; init; }

    /// <summary>The tables of the teams, for Glue; null: the service is not there.</summary>
    public IDataCatalogs? Catalogs { get; init; }

    /// <summary>Runs queries over them, for Athena; null, or without <see cref="Catalogs"/>: the service is not there. Stays the caller's.</summary>
    public QueryRunner? Queries { get; init; }

    /// <summary>Team by namespace: which team may use which virtual cluster. Namespaces without a team are the administrator's.</summary>
    public IReadOnlyDictionary<string, string> NamespaceTeams { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
