using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>A namespace (core/v1).</summary>
public sealed record Namespace : IKubeObject<Namespace>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "namespaces", "Namespace", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Namespace> Json => CoreJson.Default.Namespace;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public NamespaceSpec? Spec { get; init; }
    public NamespaceStatus? Status { get; init; }
}

/// <summary>Finalizers of a namespace.</summary>
public sealed record NamespaceSpec
{
    public IReadOnlyList<string>? Finalizers { get; init; }
}

/// <summary>Phase is Active or Terminating.</summary>
public sealed record NamespaceStatus
{
    public string? Phase { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>Settings (core/v1).</summary>
public sealed record ConfigMap : IKubeObject<ConfigMap>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "configmaps", "ConfigMap", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ConfigMap> Json => CoreJson.Default.ConfigMap;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyDictionary<string, string>? Data { get; init; }
    public IReadOnlyDictionary<string, string>? BinaryData { get; init; }
    public bool? Immutable { get; init; }
}

/// <summary>Secret settings (core/v1); data is base64.</summary>
public sealed record Secret : IKubeObject<Secret>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "secrets", "Secret", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Secret> Json => CoreJson.Default.Secret;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    [JsonPropertyName("type")]
    public string? SecretType { get; init; }
    public IReadOnlyDictionary<string, string>? Data { get; init; }
    public IReadOnlyDictionary<string, string>? StringData { get; init; }
    public bool? Immutable { get; init; }
}

/// <summary>An identity for pods (core/v1).</summary>
public sealed record ServiceAccount : IKubeObject<ServiceAccount>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "serviceaccounts", "ServiceAccount", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ServiceAccount> Json => CoreJson.Default.ServiceAccount;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public IReadOnlyList<ObjectReference>? Secrets { get; init; }
    public IReadOnlyList<LocalReference>? ImagePullSecrets { get; init; }
    public bool? AutomountServiceAccountToken { get; init; }
}

/// <summary>Points at an object.</summary>
public sealed record ObjectReference
{
    public string? ApiVersion { get; init; }
    public string? Kind { get; init; }
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public string? FieldPath { get; init; }
}

/// <summary>Something that happened (core/v1).</summary>
public sealed record Event : IKubeObject<Event>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "events", "Event", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Event> Json => CoreJson.Default.Event;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public ObjectReference? InvolvedObject { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    [JsonPropertyName("type")]
    public string? EventType { get; init; }
    public int? Count { get; init; }
    public DateTimeOffset? FirstTimestamp { get; init; }
    public DateTimeOffset? LastTimestamp { get; init; }
    public EventSource? Source { get; init; }
    public string? ReportingComponent { get; init; }
    public string? ReportingInstance { get; init; }
    public string? Action { get; init; }
}

/// <summary>Who said it.</summary>
public sealed record EventSource
{
    public string? Component { get; init; }
    public string? Host { get; init; }
}
