using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Model;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Resources;

/// <summary>A virtual cluster as a Kubernetes object; its name is the id.</summary>
public sealed record VirtualCluster : IKubeObject<VirtualCluster>
{
    /// <inheritdoc/>
    public static ResourceType Type => EmrGroup.VirtualClusters;

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<VirtualCluster> Json => JobsJson.Default.VirtualCluster;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public VirtualClusterSpec Spec { get; init; } = new();
    public VirtualClusterStatus? Status { get; init; }

    /// <summary>The id.</summary>
    [JsonIgnore]
    public string Id => Metadata.Name!;

    /// <summary>The namespace that job runs go to.</summary>
    [JsonIgnore]
    public string? Namespace => Spec.ContainerProvider?.Info?.EksInfo?.Namespace;

    /// <summary>What the API shows: a wish to terminate counts at once, and a new cluster runs at once.</summary>
    [JsonIgnore]
    public VirtualClusterState State => Status?.State switch
    {
        null or VirtualClusterState.Running => Spec.Terminate == true ? VirtualClusterState.Terminating : VirtualClusterState.Running,
        { } state => state,
    };
}

/// <summary>CreateVirtualCluster in its own words, and what became of it.</summary>
public sealed record VirtualClusterSpec
{
    public string? Name { get; init; }
    public ContainerProvider? ContainerProvider { get; init; }
    public string? ClientToken { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? SecurityConfigurationId { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>Limits; null when there are none.</summary>
    public SchedulerConfiguration? SchedulerConfiguration { get; init; }

    /// <summary>Whether interactive sessions may be opened.</summary>
    public bool? SessionEnabled { get; init; }

    /// <summary>Tokens of the updates that were carried out, the last ones.</summary>
    public IReadOnlyList<string>? UpdateTokens { get; init; }

    /// <summary>True once DeleteVirtualCluster was accepted.</summary>
    public bool? Terminate { get; init; }
}

/// <summary>Observed state.</summary>
public sealed record VirtualClusterStatus
{
    public VirtualClusterState? State { get; init; }

    /// <summary>Why, when it is arrested or terminating for long.</summary>
    public string? StateDetails { get; init; }
}
