using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>A managed endpoint as a Kubernetes object; its name is the id, its namespace that of the virtual cluster.</summary>
public sealed record ManagedEndpoint : IKubeObject<ManagedEndpoint>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.ManagedEndpoints;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<ManagedEndpoint> Json => JobsJson.Default.ManagedEndpoint;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public ManagedEndpointSpec Spec { get; init; } = new();
    public ManagedEndpointStatus? Status { get; init; }

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;

    /// <summary>Whether somebody asked for its end: DeleteManagedEndpoint, or deletion of the object.</summary>
    [JsonIgnore]
    public bool EndRequested => Spec.Terminate == true || Metadata.DeletionTimestamp is not null;

    /// <summary>What the API shows: a wish to terminate counts at once.</summary>
    [JsonIgnore]
    public EndpointState State
    {
        get
        {
            var state = Status?.State ?? EndpointState.Creating;
            return EndRequested && !state.IsTerminal() ? EndpointState.Terminating : state;
        }
    }
}

/// <summary>CreateManagedEndpoint in its own words, and what became of it.</summary>
public sealed record ManagedEndpointSpec
{
    public string? Name { get; init; }
    public string? VirtualClusterId { get; init; }
    public string? ClientToken { get; init; }
    public string? CreatedBy { get; init; }
    public string? Type { get; init; }
    public string? ReleaseLabel { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? CertificateArn { get; init; }
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }
    public int? SessionIdleTimeoutInMinutes { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>True once DeleteManagedEndpoint was accepted.</summary>
    public bool? Terminate { get; init; }
}

/// <summary>Observed state.</summary>
public sealed record ManagedEndpointStatus
{
    public EndpointState? State { get; init; }
    public string? StateDetails { get; init; }
    public FailureReason? FailureReason { get; init; }
    public string? ServerUrl { get; init; }
    public string? SecurityGroup { get; init; }
    public IReadOnlyList<string>? SubnetIds { get; init; }
    public EndpointCertificate? CertificateAuthority { get; init; }

    /// <summary>The load balancer's name.</summary>
    public string? LoadBalancer { get; init; }
}
