using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>Session credentials of a managed endpoint as a Kubernetes object; its name is their id. It is deleted when they have expired.</summary>
public sealed record EndpointSession : IKubeObject<EndpointSession>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.EndpointSessions;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<EndpointSession> Json => JobsJson.Default.EndpointSession;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public EndpointSessionSpec Spec { get; init; } = new();

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;
}

/// <summary>Who may do what until when.</summary>
public sealed record EndpointSessionSpec
{
    public string? EndpointId { get; init; }
    public string? VirtualClusterId { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? ClientToken { get; init; }
    public string? CreatedBy { get; init; }
    public string? LogContext { get; init; }

    /// <summary>SHA-256 of the token, in hex: the token itself is not kept.</summary>
    public string? TokenHash { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
