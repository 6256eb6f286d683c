using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>A claim for storage (core/v1).</summary>
public sealed record PersistentVolumeClaim : IKubeObject<PersistentVolumeClaim>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<PersistentVolumeClaim> Json => CoreJson.Default.PersistentVolumeClaim;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public ClaimSpec? Spec { get; init; }
    public ClaimStatus? Status { get; init; }
}

/// <summary>What storage is wanted.</summary>
public sealed record ClaimSpec
{
    public IReadOnlyList<string>? AccessModes { get; init; }
    public ResourceRequirements? Resources { get; init; }
    public string? StorageClassName { get; init; }
    public string? VolumeName { get; init; }
    public string? VolumeMode { get; init; }
    public ObjectSelector? Selector { get; init; }
}

/// <summary>Phase is Pending, Bound or Lost.</summary>
public sealed record ClaimStatus
{
    public string? Phase { get; init; }
    public IReadOnlyList<string>? AccessModes { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>A piece of storage (core/v1).</summary>
public sealed record PersistentVolume : IKubeObject<PersistentVolume>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("", "v1", "persistentvolumes", "PersistentVolume", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<PersistentVolume> Json => CoreJson.Default.PersistentVolume;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public PersistentVolumeSpec? Spec { get; init; }
    public PersistentVolumeStatus? Status { get; init; }
}

/// <summary>What a volume is.</summary>
public sealed record PersistentVolumeSpec
{
    public IReadOnlyDictionary<string, Quantity>? Capacity { get; init; }
    public IReadOnlyList<string>? AccessModes { get; init; }
    public string? PersistentVolumeReclaimPolicy { get; init; }
    public string? StorageClassName { get; init; }
    public string? VolumeMode { get; init; }
    public ObjectReference? ClaimRef { get; init; }
    public HostPathVolumeSource? HostPath { get; init; }
    public CsiVolumeSource? Csi { get; init; }
    public VolumeNodeAffinity? NodeAffinity { get; init; }
    public IReadOnlyList<string>? MountOptions { get; init; }
}

/// <summary>A volume of a CSI driver.</summary>
public sealed record CsiVolumeSource
{
    public string? Driver { get; init; }
    public string? VolumeHandle { get; init; }
    public string? FsType { get; init; }
    public IReadOnlyDictionary<string, string>? VolumeAttributes { get; init; }
}

/// <summary>Nodes that can reach the volume.</summary>
public sealed record VolumeNodeAffinity
{
    public NodeSelector? Required { get; init; }
}

/// <summary>Phase is Available, Bound, Released or Failed.</summary>
public sealed record PersistentVolumeStatus
{
    public string? Phase { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
}

/// <summary>A class of storage (storage.k8s.io/v1).</summary>
public sealed record StorageClass : IKubeObject<StorageClass>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<StorageClass> Json => CoreJson.Default.StorageClass;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public string? Provisioner { get; init; }
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
    public string? ReclaimPolicy { get; init; }
    public string? VolumeBindingMode { get; init; }
    public bool? AllowVolumeExpansion { get; init; }
}
