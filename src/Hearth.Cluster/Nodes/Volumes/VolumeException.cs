namespace Hearth.Cluster.Nodes.Volumes;

/// <summary>A volume cannot be mounted yet (or ever); the kubelet reports <c>FailedMount</c> and tries again.</summary>
public sealed class VolumeException(string message) : Exception(message);
