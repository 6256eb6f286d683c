using System.Text.Json.Serialization;
using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>A volume of a pod; exactly one source is set.</summary>
public sealed record Volume
{
    public string? Name { get; init; }
    public EmptyDirVolumeSource? EmptyDir { get; init; }
    public HostPathVolumeSource? HostPath { get; init; }
    public ConfigMapVolumeSource? ConfigMap { get; init; }
    public SecretVolumeSource? Secret { get; init; }
    public ClaimVolumeSource? PersistentVolumeClaim { get; init; }
    public ProjectedVolumeSource? Projected { get; init; }
    [JsonPropertyName("downwardAPI")]
    public DownwardVolumeSource? DownwardAPI { get; init; }
    public NfsVolumeSource? Nfs { get; init; }
}

/// <summary>A directory that lives with the pod.</summary>
public sealed record EmptyDirVolumeSource
{
    public string? Medium { get; init; }
    public Quantity? SizeLimit { get; init; }
}

/// <summary>A directory of the node.</summary>
public sealed record HostPathVolumeSource
{
    public string? Path { get; init; }
    public string? Type { get; init; }
}

/// <summary>Files from a ConfigMap.</summary>
public sealed record ConfigMapVolumeSource
{
    public string? Name { get; init; }
    public IReadOnlyList<KeyToPath>? Items { get; init; }
    public int? DefaultMode { get; init; }
    public bool? Optional { get; init; }
}

/// <summary>Files from a Secret.</summary>
public sealed record SecretVolumeSource
{
    public string? SecretName { get; init; }
    public IReadOnlyList<KeyToPath>? Items { get; init; }
    public int? DefaultMode { get; init; }
    public bool? Optional { get; init; }
}

/// <summary>One key as one file.</summary>
public sealed record KeyToPath
{
    public string? Key { get; init; }
    public string? Path { get; init; }
    public int? Mode { get; init; }
}

/// <summary>A PersistentVolumeClaim.</summary>
public sealed record ClaimVolumeSource
{
    public string? ClaimName { get; init; }
    public bool? ReadOnly { get; init; }
}

/// <summary>An NFS export.</summary>
public sealed record NfsVolumeSource
{
    public string? Server { get; init; }
    public string? Path { get; init; }
    public bool? ReadOnly { get; init; }
}

/// <summary>Several sources in one directory.</summary>
public sealed record ProjectedVolumeSource
{
    public IReadOnlyList<VolumeProjection>? Sources { get; init; }
    public int? DefaultMode { get; init; }
}

/// <summary>One projected source.</summary>
public sealed record VolumeProjection
{
    public TokenProjection? ServiceAccountToken { get; init; }
    public ConfigMapProjection? ConfigMap { get; init; }
    public ConfigMapProjection? Secret { get; init; }
    [JsonPropertyName("downwardAPI")]
    public DownwardVolumeSource? DownwardAPI { get; init; }
}

/// <summary>A service-account token file.</summary>
public sealed record TokenProjection
{
    public string? Audience { get; init; }
    public long? ExpirationSeconds { get; init; }
    public string? Path { get; init; }
}

/// <summary>Keys of a ConfigMap or Secret.</summary>
public sealed record ConfigMapProjection
{
    public string? Name { get; init; }
    public IReadOnlyList<KeyToPath>? Items { get; init; }
    public bool? Optional { get; init; }
}

/// <summary>Fields of the pod as files.</summary>
public sealed record DownwardVolumeSource
{
    public IReadOnlyList<DownwardItem>? Items { get; init; }
}

/// <summary>One field as one file.</summary>
public sealed record DownwardItem
{
    public string? Path { get; init; }
    public ObjectFieldSelector? FieldRef { get; init; }
    public ResourceFieldSelector? ResourceFieldRef { get; init; }
}
