using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>A service (core/v1).</summary>
public sealed record Service : IKubeObject<Service>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "services", "Service", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Service> Json => CoreJson.Default.Service;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public ServiceSpec? Spec { get; init; }
    public ServiceStatus? Status { get; init; }
}

/// <summary>What a service offers.</summary>
public sealed record ServiceSpec
{
    [JsonPropertyName("type")]
    public string? ServiceType { get; init; }
    [JsonPropertyName("clusterIP")]
    public string? ClusterIP { get; init; }
    public IReadOnlyDictionary<string, string>? Selector { get; init; }
    public IReadOnlyList<ServicePort>? Ports { get; init; }
    public string? ExternalName { get; init; }
}

/// <summary>One port.</summary>
public sealed record ServicePort
{
    public string? Name { get; init; }
    public int? Port { get; init; }
    public IntOrString? TargetPort { get; init; }
    public string? Protocol { get; init; }
    public int? NodePort { get; init; }
}

/// <summary>Load balancer state.</summary>
public sealed record ServiceStatus
{
}
