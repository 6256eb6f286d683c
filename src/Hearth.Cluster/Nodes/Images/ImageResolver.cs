using System.Collections.Immutable;

namespace Hearth.Cluster.Nodes.Images;

/// <summary>
/// Resolves image names by their repository: Spark and EMR images to the Spark bundle, small utility images to this machine's
/// userland, pause images to a process that does nothing. Anything else is unknown.
/// </summary>
public sealed class ImageResolver(RuntimeBundle spark) : IImageResolver
{
    private static readonly ImmutableDictionary<string, string> NoEnvironment = ImmutableDictionary<string, string>.Empty;

    private static readonly RuntimeBundle Userland = new("host-userland", [], ["sh"], NoEnvironment, []);

    private static readonly RuntimeBundle Pause = new("host-pause", ["sleep"], ["infinity"], NoEnvironment, []);

    private static readonly ImmutableHashSet<string> UtilityImages =
        ["busybox", "alpine", "debian", "ubuntu", "bash", "amazonlinux", "amazonlinux-minimal", "aws-cli", "curl", "python"];

    /// <inheritdoc/>
    public RuntimeBundle? Resolve(string image)
    {
        var path = Repository(image);
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name is "pause")
        {
            return Pause;
        }

        if (UtilityImages.Contains(name))
        {
            return Userland;
        }

        return IsSpark(path, name) ? spark : null;
    }

    // EMR on EKS images are <account>.dkr.ecr.<region>.amazonaws.com/spark/emr-6.15.0 (and notebook-spark/...), or public.ecr.aws/emr-on-eks/spark/...
    private static bool IsSpark(string path, string name) =>
        name is "spark" or "spark-py" || path.Contains("/spark/emr-", StringComparison.Ordinal) || path.StartsWith("spark/emr-", StringComparison.Ordinal)
        || path.Contains("emr-on-eks/", StringComparison.Ordinal) || name.StartsWith("hearth-spark", StringComparison.Ordinal);

    private static string Repository(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var path = at < 0 ? image : image[..at];
        var colon = path.LastIndexOf(':');
        return colon > path.LastIndexOf('/') ? path[..colon] : path;
    }
}
