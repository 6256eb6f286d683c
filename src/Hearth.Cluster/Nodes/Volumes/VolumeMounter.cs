using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Nodes.Volumes;

/// <summary>
/// Makes a directory of this machine for each volume of a pod. Disks of simulated nodes and volumes of simulated storage services are
/// directories; settings and tokens are files written once at start.
/// </summary>
public sealed class VolumeMounter(IKubeClient client, NodeAgentOptions options)
{
    /// <summary>Directory by volume name.</summary>
    /// <exception cref="VolumeException">Something a volume refers to is missing; try again later.</exception>
    public async Task<IReadOnlyDictionary<string, string>> MountAsync(Pod pod, CancellationToken ct)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            result[volume.Name!] = await MountAsync(pod, volume, ct).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>The mounts of one container, in the order that nested paths need.</summary>
    /// <exception cref="VolumeException">A mount names no volume of the pod, or leaves its volume.</exception>
    public static IReadOnlyList<HostMount> Mounts(Pod pod, Container container, IReadOnlyDictionary<string, string> volumes, IReadOnlyDictionary<string, string> environment)
    {
        var result = new List<HostMount>();
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (!volumes.TryGetValue(mount.Name!, out var directory))
            {
                throw new VolumeException($"container {container.Name} mounts volume \"{mount.Name}\", which the pod does not have");
            }

            var readOnly = mount.ReadOnly == true || IsSettings(pod, mount.Name!);
            var sub = mount.SubPathExpr is { } expression ? ContainerEnvironment.Expand(expression, environment) : mount.SubPath;
            result.Add(new HostMount(string.IsNullOrEmpty(sub) ? directory : Sub(directory, sub), mount.MountPath!, !readOnly));
        }

        return [.. result.OrderBy(m => m.Target.Count(c => c == '/')).ThenBy(m => m.Target, StringComparer.Ordinal)];
    }

    private static bool IsSettings(Pod pod, string name) =>
        pod.Spec!.Volumes!.First(v => v.Name == name) is { ConfigMap: not null } or { Secret: not null } or { Projected: not null } or { DownwardAPI: not null };

    private static string Sub(string directory, string sub)
    {
        var path = Inside(directory, sub);
        if (!Path.Exists(path))
        {
            Directory.CreateDirectory(path);
        }

        return path;
    }

    /// <summary>A path below a directory; refuses to leave it.</summary>
    internal static string Inside(string directory, string relative)
    {
        var full = Path.GetFullPath(Path.Combine(directory, relative.TrimStart('/')));
        if (full == directory)
        {
            return full;
        }

        if (!full.StartsWith(directory + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new VolumeException($"path \"{relative}\" leaves its volume");
        }

        RefuseLinks(directory, full, relative);
        return full;
    }

    /// <summary>What lies in a volume was put there by containers: a link among it would be followed on this machine, outside of every sandbox.</summary>
    private static void RefuseLinks(string directory, string full, string relative)
    {
        for (var path = full; path.Length > directory.Length; path = Path.GetDirectoryName(path)!)
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new VolumeException($"path \"{relative}\" goes through a symbolic link, which embedded nodes do not follow; name the directory itself");
            }
        }
    }

    private Task<string> MountAsync(Pod pod, Volume volume, CancellationToken ct) => volume switch
    {
        { HostPath: { } host } => Task.FromResult(HostDirectory(pod, host)),
        { ConfigMap: not null } or { Secret: not null } or { Projected: not null } or { DownwardAPI: not null } =>
            new SettingsVolume(client, pod, Own(pod, volume)).WriteAsync(volume, ct),
        { PersistentVolumeClaim: { } claim } => ClaimDirectoryAsync(pod, claim, ct),
        { Nfs: not null } => throw new VolumeException($"volume \"{volume.Name}\" is of type nfs, which embedded nodes do not mount; use a persistentVolumeClaim or emptyDir, or a real cluster"),
        _ => Task.FromResult(Directory.CreateDirectory(Own(pod, volume)).FullName),
    };

    private string Own(Pod pod, Volume volume) => Path.Combine(options.PodDirectory(pod), "volumes", volume.Name!);

    /// <summary>The disk of the pod's node. A pod may name any node, so its name must not lead elsewhere.</summary>
    private string NodeDirectory(string node) => node.Length == 0 || node.StartsWith('.') || node.Contains('/', StringComparison.Ordinal)
        ? throw new VolumeException($"\"{node}\" is no name of a node")
        : options.NodeDirectory(node);

    private string HostDirectory(Pod pod, HostPathVolumeSource host)
    {
        var path = Inside(NodeDirectory(pod.Spec!.NodeName!), host.Path ?? "/");
        switch (host.Type ?? "")
        {
            case "Directory" when !Directory.Exists(path):
                throw new VolumeException($"hostPath type check failed: {host.Path} is not a directory");
            case "File" when !File.Exists(path):
                throw new VolumeException($"hostPath type check failed: {host.Path} is not a file");
            case "FileOrCreate" when !File.Exists(path):
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "");
                return path;
            case "File" or "FileOrCreate":
                return path;
            case "Socket" or "CharDevice" or "BlockDevice":
                throw new VolumeException($"hostPath type {host.Type} does not exist on a simulated node");
            default:
                return Directory.CreateDirectory(path).FullName;
        }
    }

    private async Task<string> ClaimDirectoryAsync(Pod pod, ClaimVolumeSource source, CancellationToken ct)
    {
        var ns = pod.Metadata.Namespace;
        var claim = await client.FindAsync<PersistentVolumeClaim>(ns, source.ClaimName!, ct).ConfigureAwait(false)
            ?? throw new VolumeException($"persistentvolumeclaim \"{source.ClaimName}\" not found");
        if (claim.Status?.Phase != "Bound" || claim.Spec?.VolumeName is not { } name)
        {
            throw new VolumeException($"persistentvolumeclaim \"{source.ClaimName}\" is not bound yet");
        }

        var volume = await client.FindAsync<PersistentVolume>(null, name, ct).ConfigureAwait(false)
            ?? throw new VolumeException($"persistentvolume \"{name}\" not found");
        return volume.Spec?.HostPath is { } host
            ? HostDirectory(pod, host)
            : Directory.CreateDirectory(Inside(options.VolumesDirectory, volume.Spec?.Csi?.VolumeHandle ?? name)).FullName;
    }
}
