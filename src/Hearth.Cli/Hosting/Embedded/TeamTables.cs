using Hearth.Engine.Catalog;
using Hearth.Engine.Session;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>
/// Where the tables of a team are: its warehouse and its catalog lie in its bucket, so that the next job and <c>hearth query</c> find what a job saved,
/// and another team's jobs, which do not see the bucket, do not.
/// </summary>
internal static class TeamTables
{
    /// <summary>Directory of the warehouse in a team's bucket.</summary>
    public const string Warehouse = "warehouse";

    /// <summary>The settings of the jobs of a namespace; empty outside of teams' namespaces.</summary>
    public static IReadOnlyDictionary<string, string> Settings(PlatformDeclaration platform, string ns)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (platform.Teams.FirstOrDefault(t => string.Equals(t.Namespace, ns, StringComparison.Ordinal)) is { } team)
        {
            settings[EngineOptions.WarehouseKey] = Uri(team.Bucket);
        }

        return settings;
    }

    /// <summary>The warehouse of a bucket.</summary>
    public static string Uri(string bucket) => $"s3://{bucket}/{Warehouse}";

    /// <summary>Buckets under a directory that hold a catalog, sorted.</summary>
    public static IReadOnlyList<string> BucketsWithTables(string buckets) =>
        Directory.Exists(buckets)
            ? [.. Directory.EnumerateDirectories(buckets).Where(b => Directory.Exists(Path.Combine(b, Warehouse, FileCatalog.DirectoryName))).Select(b => Path.GetFileName(b)!).Order(StringComparer.Ordinal)]
            : [];
}
