using System.Collections.Immutable;

namespace Hearth.Cluster.Nodes;

/// <summary>Where the node agent keeps things and what it tells containers.</summary>
public sealed record NodeAgentOptions
{
    /// <summary>Absolute directory of pods, node disks and volumes.</summary>
    public required string Directory { get; init; }

    /// <summary>Port of the API server on loopback, which containers learn as <c>KUBERNETES_SERVICE_PORT</c>.</summary>
    public required int ApiServerPort { get; init; }

    /// <summary>Variables given to every container, for example the endpoint of the AWS API; the image's and the container's own win.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Directories a pod may see besides its volumes, by pod: for example the buckets of its team.</summary>
    public Func<Kube.Core.Pod, IReadOnlyList<Images.HostMount>> PodMounts { get; init; } = _ => [];

    /// <summary>How long the files of a deleted pod are kept; its logs cannot be read through the API any more.</summary>
    public TimeSpan KeepDeletedPods { get; init; } = TimeSpan.Zero;

    /// <summary>Directory of the volumes behind persistent volumes.</summary>
    public string VolumesDirectory => Path.Combine(Directory, "volumes");

    /// <summary>Directory of one pod.</summary>
    public string PodDirectory(Kube.Core.Pod pod) =>
        Path.Combine(Directory, "pods", $"{pod.Metadata.Namespace}_{pod.Metadata.Name}_{pod.Metadata.Uid}");

    /// <summary>The disk of one simulated node: what <c>hostPath</c> volumes see.</summary>
    public string NodeDirectory(string node) => Path.Combine(Directory, "nodes", node);

    /// <summary>The log file of one run of a container.</summary>
    public string LogPath(Kube.Core.Pod pod, string container, int restart) =>
        Path.Combine(PodDirectory(pod), "logs", container, $"{restart}.log");
}
