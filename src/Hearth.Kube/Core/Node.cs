using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>A node (core/v1).</summary>
public sealed record Node : IKubeObject<Node>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "nodes", "Node", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Node> Json => CoreJson.Default.Node;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public NodeSpec? Spec { get; init; }
    public NodeStatus? Status { get; init; }
}

/// <summary>What a node shall be.</summary>
public sealed record NodeSpec
{
    [JsonPropertyName("providerID")]
    public string? ProviderID { get; init; }
    [JsonPropertyName("podCIDR")]
    public string? PodCIDR { get; init; }
    public bool? Unschedulable { get; init; }
    public IReadOnlyList<Taint>? Taints { get; init; }
}

/// <summary>Repels pods that do not tolerate it; effect is NoSchedule, PreferNoSchedule or NoExecute.</summary>
public sealed record Taint
{
    public string? Key { get; init; }
    public string? Value { get; init; }
    public string? Effect { get; init; }
    public DateTimeOffset? TimeAdded { get; init; }
}

/// <summary>What a node is.</summary>
public sealed record NodeStatus
{
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Allocatable { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
    public IReadOnlyList<NodeAddress>? Addresses { get; init; }
    public NodeSystemInfo? NodeInfo { get; init; }
}

/// <summary>Type is InternalIP, ExternalIP, Hostname or InternalDNS.</summary>
public sealed record NodeAddress
{
    public string? Type { get; init; }
    public string? Address { get; init; }
}

/// <summary>Software of a node.</summary>
public sealed record NodeSystemInfo
{
    [JsonPropertyName("machineID")]
    public string? MachineID { get; init; }
    [JsonPropertyName("systemUUID")]
    public string? SystemUUID { get; init; }
    [JsonPropertyName("bootID")]
    public string? BootID { get; init; }
    public string? KernelVersion { get; init; }
    public string? OsImage { get; init; }
    public string? ContainerRuntimeVersion { get; init; }
    public string? KubeletVersion { get; init; }
    public string? KubeProxyVersion { get; init; }
    public string? OperatingSystem { get; init; }
    public string? Architecture { get; init; }
}
