namespace Hearth.Platform;

/// <summary>A Kubernetes StorageClass.</summary>
public sealed record StorageClass
{
    public string Name { get; init; } = string.Empty;

    /// <summary>As <c>ebs.csi.aws.com</c>.</summary>
    public string Provisioner { get; init; } = "ebs.csi.aws.com";

    /// <summary>True for at most one class.</summary>
    public bool Default { get; init; }

    /// <summary><c>Delete</c> or <c>Retain</c>.</summary>
    public string ReclaimPolicy { get; init; } = "Delete";

    /// <summary><c>WaitForFirstConsumer</c> or <c>Immediate</c>.</summary>
    public string VolumeBindingMode { get; init; } = "WaitForFirstConsumer";

    public bool AllowVolumeExpansion { get; init; } = true;

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = Empty.Map<string>();

    public IReadOnlyList<string> MountOptions { get; init; } = [];
}
