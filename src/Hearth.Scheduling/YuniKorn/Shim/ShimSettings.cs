using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>What the shim needs to know of its surroundings.</summary>
public sealed record ShimSettings
{
    /// <summary><c>service.placeholderImage</c>.</summary>
    public string PlaceholderImage { get; init; } = "registry.k8s.io/pause:3.7";

    /// <summary><c>service.disableGangScheduling</c> is not set.</summary>
    public bool Gangs { get; init; } = true;

    /// <summary>Metadata of a namespace, or null.</summary>
    public Func<string, ObjectMeta?> Namespace { get; init; } = static _ => null;

    /// <summary>What the volumes of a pod demand now; null for a pod without claims.</summary>
    public Func<Pod, PodVolumes?> Volumes { get; init; } = static _ => null;
}
