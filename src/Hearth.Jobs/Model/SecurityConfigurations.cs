using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>CreateSecurityConfiguration.</summary>
public sealed record CreateSecurityConfigurationRequest
{
    public string? ClientToken { get; init; }
    public string? Name { get; init; }
    public ContainerProvider? ContainerProvider { get; init; }
    public SecurityConfigurationData? SecurityConfigurationData { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>How job runs of a virtual cluster prove who they are and what they may read. Kept and shown; not enforced by the embedded engine.</summary>
public sealed record SecurityConfigurationData
{
    public AuthorizationConfiguration? AuthorizationConfiguration { get; init; }
    public AuthenticationConfiguration? AuthenticationConfiguration { get; init; }
}

/// <summary>Fine-grained access.</summary>
public sealed record AuthorizationConfiguration
{
    public LakeFormationConfiguration? LakeFormationConfiguration { get; init; }
    public EncryptionConfiguration? EncryptionConfiguration { get; init; }
}

/// <summary>Lake Formation.</summary>
public sealed record LakeFormationConfiguration
{
    public string? AuthorizedSessionTagValue { get; init; }
    public SecureNamespaceInfo? SecureNamespaceInfo { get; init; }
    public string? QueryEngineRoleArn { get; init; }
}

/// <summary>The namespace of system drivers.</summary>
public sealed record SecureNamespaceInfo
{
    public string? ClusterId { get; init; }
    public string? Namespace { get; init; }
}

/// <summary>Encryption between pods.</summary>
public sealed record EncryptionConfiguration
{
    public InTransitEncryptionConfiguration? InTransitEncryptionConfiguration { get; init; }
}

/// <summary>Encryption between pods.</summary>
public sealed record InTransitEncryptionConfiguration
{
    public TlsCertificateConfiguration? TlsCertificateConfiguration { get; init; }
}

/// <summary>Where certificates are kept.</summary>
public sealed record TlsCertificateConfiguration
{
    /// <summary><c>PEM</c>.</summary>
    public string? CertificateProviderType { get; init; }
    public string? PublicCertificateSecretArn { get; init; }
    public string? PrivateCertificateSecretArn { get; init; }
}

/// <summary>Who sessions act as.</summary>
public sealed record AuthenticationConfiguration
{
    public IdentityCenterConfiguration? IdentityCenterConfiguration { get; init; }
    public IamConfiguration? IamConfiguration { get; init; }
}

/// <summary>IAM Identity Center. Source: EMR on EKS API reference, IdentityCenterConfiguration.</summary>
public sealed record IdentityCenterConfiguration
{
    public bool? EnableIdentityCenter { get; init; }

    /// <summary>Whether users must be assigned to the application.</summary>
    public bool? IdentityCenterApplicationAssignmentRequired { get; init; }

    [JsonPropertyName("identityCenterInstanceARN")]
    public string? IdentityCenterInstanceArn { get; init; }

    [JsonPropertyName("emrIdentityCenterApplicationARN")]
    public string? EmrIdentityCenterApplicationArn { get; init; }
}

/// <summary>An IAM role.</summary>
public sealed record IamConfiguration
{
    public string? SystemRole { get; init; }
}

/// <summary>ListSecurityConfigurations.</summary>
public sealed record ListSecurityConfigurationsRequest
{
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }

    /// <summary>Which configurations the caller may see; null for all.</summary>
    [JsonIgnore]
    public Func<SecurityConfigurationDescription, bool>? Visible { get; init; }
}

/// <summary>A security configuration as the API shows it.</summary>
public sealed record SecurityConfigurationDescription
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? CreatedBy { get; init; }
    public required SecurityConfigurationData SecurityConfigurationData { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
