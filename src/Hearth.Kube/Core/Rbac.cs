using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>Rights in a namespace (rbac.authorization.k8s.io/v1).</summary>
public sealed record Role : IKubeObject<Role>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io", "v1", "roles", "Role", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Role> Json => CoreJson.Default.Role;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyList<PolicyRule>? Rules { get; init; }
}

/// <summary>Rights everywhere (rbac.authorization.k8s.io/v1).</summary>
public sealed record ClusterRole : IKubeObject<ClusterRole>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ClusterRole> Json => CoreJson.Default.ClusterRole;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyList<PolicyRule>? Rules { get; init; }
    public AggregationRule? AggregationRule { get; init; }
}

/// <summary>Cluster roles to unite.</summary>
public sealed record AggregationRule
{
    public IReadOnlyList<ObjectSelector>? ClusterRoleSelectors { get; init; }
}

/// <summary>Verbs on resources or paths.</summary>
public sealed record PolicyRule
{
    public IReadOnlyList<string>? Verbs { get; init; }
    public IReadOnlyList<string>? ApiGroups { get; init; }
    public IReadOnlyList<string>? Resources { get; init; }
    public IReadOnlyList<string>? ResourceNames { get; init; }
    [JsonPropertyName("nonResourceURLs")]
    public IReadOnlyList<string>? NonResourceURLs { get; init; }
}

/// <summary>Gives a role to subjects in a namespace.</summary>
public sealed record RoleBinding : IKubeObject<RoleBinding>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<RoleBinding> Json => CoreJson.Default.RoleBinding;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyList<Subject>? Subjects { get; init; }
    public RoleRef? RoleRef { get; init; }
}

/// <summary>Gives a cluster role to subjects everywhere.</summary>
public sealed record ClusterRoleBinding : IKubeObject<ClusterRoleBinding>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ClusterRoleBinding> Json => CoreJson.Default.ClusterRoleBinding;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyList<Subject>? Subjects { get; init; }
    public RoleRef? RoleRef { get; init; }
}

/// <summary>Kind is User, Group or ServiceAccount.</summary>
public sealed record Subject
{
    public string? Kind { get; init; }
    public string? ApiGroup { get; init; }
    public string? Name { get; init; }
    public string? Namespace { get; init; }
}

/// <summary>The role given.</summary>
public sealed record RoleRef
{
    public string? ApiGroup { get; init; }
    public string? Kind { get; init; }
    public string? Name { get; init; }
}
