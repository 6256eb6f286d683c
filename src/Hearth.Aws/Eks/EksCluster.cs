namespace Hearth.Aws.Eks;

/// <summary>The Kubernetes cluster as EKS shows it.</summary>
public sealed record EksCluster
{
    /// <summary>For example <c>emr-eks-karpenter</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Base URL of the Kubernetes API.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>PEM of the certificate authority that signed the API's certificate.</summary>
    public required string CertificateAuthorityPem { get; init; }

    /// <summary>For example <c>1.33</c>.</summary>
    public required string Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Address range of services, for example <c>172.20.0.0/16</c>; null when there is none to show.</summary>
    public string? ServiceCidr { get; init; }

    /// <summary>Issuer of its service-account tokens; null when nobody may know it.</summary>
    public string? OidcIssuer { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
