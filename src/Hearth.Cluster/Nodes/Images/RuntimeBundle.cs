namespace Hearth.Cluster.Nodes.Images;

/// <summary>
/// What an image name stands for on this machine; nothing is pulled.
/// </summary>
/// <param name="Name">Shown as the image id, for example <c>hearth-spark-3.5</c>.</param>
/// <param name="EntryPoint">Used when the container names no <c>command</c>; its <c>args</c> follow.</param>
/// <param name="DefaultArgs">Used when the container names neither <c>command</c> nor <c>args</c>.</param>
/// <param name="Environment">Variables of the image; the container's own win.</param>
/// <param name="Mounts">Directories of this machine the container sees, read-only.</param>
/// <param name="User">Numeric user id unless the pod asks for another.</param>
/// <param name="WorkingDirectory">Working directory unless the container names one; created empty when the image has none such.</param>
public sealed record RuntimeBundle(
    string Name,
    IReadOnlyList<string> EntryPoint,
    IReadOnlyList<string> DefaultArgs,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<HostMount> Mounts,
    long User = 1000,
    string WorkingDirectory = "/");

/// <summary>A path of this machine that appears inside a container.</summary>
/// <param name="Source">Absolute path on this machine.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Writable">Whether the container may write there.</param>
public sealed record HostMount(string Source, string Target, bool Writable = false);

/// <summary>Says what an image name stands for.</summary>
public interface IImageResolver
{
    /// <summary>The bundle, or null when nothing on this machine can stand for the image.</summary>
    RuntimeBundle? Resolve(string image);
}
