using Hearth.Cluster.Nodes.Images;
using Hearth.Kube.Core;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>
/// Which buckets a pod sees: those that its namespace's team may use, as directories under <see cref="Root"/>. What is not mounted does not
/// exist for a job, so the boundary between teams is the kernel's.
/// </summary>
internal sealed class TeamBuckets(PlatformDeclaration platform, Func<string, string?> directory)
{
    /// <summary>Where containers find buckets; also <c>spark.hearth.s3.root</c>.</summary>
    public const string Root = "/hearth/s3";

    private readonly ILookup<string, Team> _teams = platform.Teams.ToLookup(t => t.Namespace, StringComparer.Ordinal);

    /// <summary>The mounts of a pod; empty outside of teams' namespaces.</summary>
    public IReadOnlyList<HostMount> Mounts(Pod pod) =>
    [
        .. _teams[pod.Metadata.Namespace ?? ""].SelectMany(Allowed)
            .Select(a => (a.Bucket, a.Writable, Source: directory(a.Bucket)))
            .Where(a => a.Source is not null && Directory.Exists(a.Source))
            .Select(a => new HostMount(a.Source!, $"{Root}/{a.Bucket}", a.Writable)),
    ];

    // A prefix cannot be mounted without its bucket: such a bucket is left to the S3 API, which checks each key.
    private static IEnumerable<(string Bucket, bool Writable)> Allowed(Team team) =>
        team.ExecutionRole.Buckets.Where(b => b.Prefix.Length == 0).Select(b => (b.Bucket, b.Access == "readWrite")).Prepend((team.Bucket, true)).DistinctBy(b => b.Item1);
}
