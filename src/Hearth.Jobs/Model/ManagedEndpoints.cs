using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>Life of a managed endpoint.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointState>))]
public enum EndpointState
{
    /// <summary>Accepted; certificate and network are being made.</summary>
    [JsonStringEnumMemberName("CREATING")]
    Creating,

    /// <summary>Made.</summary>
    [JsonStringEnumMemberName("ACTIVE")]
    Active,

    /// <summary>Being removed.</summary>
    [JsonStringEnumMemberName("TERMINATING")]
    Terminating,

    /// <summary>Removed; still listed.</summary>
    [JsonStringEnumMemberName("TERMINATED")]
    Terminated,

    /// <summary>It could not be made, or not be removed cleanly; see the failure reason.</summary>
    [JsonStringEnumMemberName("TERMINATED_WITH_ERRORS")]
    TerminatedWithErrors,
}

/// <summary>CreateManagedEndpoint.</summary>
public sealed record CreateManagedEndpointRequest
{
    /// <summary>From the path of the request.</summary>
    public string? VirtualClusterId { get; init; }
    public string? Name { get; init; }

    /// <summary><c>JUPYTER_ENTERPRISE_GATEWAY</c>.</summary>
    public string? Type { get; init; }
    public string? ReleaseLabel { get; init; }
    public string? ExecutionRoleArn { get; init; }

    /// <summary>Deprecated by the service: a certificate is generated. Shown again as given.</summary>
    public string? CertificateArn { get; init; }
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }
    public string? ClientToken { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public int? SessionIdleTimeoutInMinutes { get; init; }
}

/// <summary>ListManagedEndpoints.</summary>
public sealed record ListManagedEndpointsRequest
{
    public string? VirtualClusterId { get; init; }
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
    public IReadOnlyList<string>? Types { get; init; }
    public IReadOnlyList<string>? States { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }

    /// <summary>Which endpoints the caller may see; null for all.</summary>
    [JsonIgnore]
    public Func<EndpointDescription, bool>? Visible { get; init; }
}

/// <summary>The certificate that an endpoint's gateway presents.</summary>
public sealed record EndpointCertificate
{
    public string? CertificateArn { get; init; }

    /// <summary>The PEM text in base64.</summary>
    public string? CertificateData { get; init; }
}

/// <summary>A managed endpoint as the API shows it.</summary>
public sealed record EndpointDescription
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required string VirtualClusterId { get; init; }
    public required string Type { get; init; }
    public required EndpointState State { get; init; }
    public string? ReleaseLabel { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? CertificateArn { get; init; }
    public EndpointCertificate? CertificateAuthority { get; init; }
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }
    public string? ServerUrl { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? SecurityGroup { get; init; }
    public IReadOnlyList<string>? SubnetIds { get; init; }
    public string? StateDetails { get; init; }
    public FailureReason? FailureReason { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// What an endpoint has in EC2 and Elastic Load Balancing: names, ids and tags as EMR on EKS and the AWS Load Balancer Controller give them.
/// Simulated: nothing listens there.
/// </summary>
public sealed record EndpointNetwork
{
    public required string EndpointId { get; init; }
    public required string VirtualClusterId { get; init; }
    public required string Namespace { get; init; }

    /// <summary>For example <c>k8s-emrdatat-ingressa-0f3c2b1a90</c>.</summary>
    public required string LoadBalancerName { get; init; }

    /// <summary>The load balancer's DNS name: host of the endpoint's <c>serverUrl</c>.</summary>
    public required string DnsName { get; init; }

    /// <summary>Tags of the load balancer, with <c>ingress.k8s.aws/stack</c> = <c>NAMESPACE/ingress-ENDPOINT</c>.</summary>
    public required IReadOnlyDictionary<string, string> LoadBalancerTags { get; init; }

    /// <summary>For example <c>sg-0a1b…</c>.</summary>
    public required string SecurityGroupId { get; init; }

    /// <summary><c>emr-containers-lb-VIRTUALCLUSTER-ENDPOINT</c>.</summary>
    public required string SecurityGroupName { get; init; }
    public required IReadOnlyList<string> SubnetIds { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the endpoint is ACTIVE: its load balancer is then <c>active</c>, before that <c>provisioning</c>.</summary>
    public required bool Active { get; init; }
}

/// <summary>GetManagedEndpointSessionCredentials.</summary>
public sealed record GetManagedEndpointSessionCredentialsRequest
{
    /// <summary>Id or ARN.</summary>
    public string? EndpointIdentifier { get; init; }

    /// <summary>Id or ARN.</summary>
    public string? VirtualClusterIdentifier { get; init; }
    public string? ExecutionRoleArn { get; init; }

    /// <summary><c>TOKEN</c>.</summary>
    public string? CredentialType { get; init; }

    /// <summary>900 when absent, at most 43200.</summary>
    public int? DurationInSeconds { get; init; }
    public string? LogContext { get; init; }
    public string? ClientToken { get; init; }
}

/// <summary>A token for an endpoint. It is shown this once: the platform keeps only its hash.</summary>
/// <param name="Id">Id of the credentials.</param>
/// <param name="Token">The secret.</param>
/// <param name="ExpiresAt">Until when it is believed.</param>
public sealed record SessionCredentials(string Id, string Token, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"session credentials {Id}";
}

/// <summary>What a believed token stands for.</summary>
/// <param name="Id">Id of the credentials.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="VirtualClusterId">Its virtual cluster.</param>
/// <param name="ExecutionRoleArn">Role of the session.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record EndpointSessionInfo(string Id, string EndpointId, string VirtualClusterId, string ExecutionRoleArn, DateTimeOffset ExpiresAt);
