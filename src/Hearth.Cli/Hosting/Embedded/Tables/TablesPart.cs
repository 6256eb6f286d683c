using Hearth.Aws.Athena;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Tables;
using Hearth.Platform;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>The teams' tables for Glue and Athena.</summary>
internal sealed class TablesPart : IAsyncDisposable
{
    private readonly TeamCatalogs _catalogs;

    private TablesPart(TeamCatalogs catalogs, QueryRunner queries) => (_catalogs, Queries) = (catalogs, queries);

    /// <summary>The catalogs.</summary>
    public IDataCatalogs Catalogs => _catalogs;

    /// <summary>Runs queries.</summary>
    public QueryRunner Queries { get; }

    public static TablesPart Start(PlatformDeclaration platform, DataPaths paths, ObjectStorage storage, AccessControl access, ILoggerFactory log, TimeProvider time)
    {
        string[] Buckets() => [.. storage.ListBuckets().Select(b => b.Name)];
        IReadOnlyList<IReadOnlyList<BucketGrant>> OfRole(Team team) =>
            access.FindRole(Hearth.Aws.Iam.IamArns.Role(platform.AccountId, "/", team.ExecutionRole.Name)) is { } role ? [BucketGrants.Of(access.PoliciesOf(role), Buckets())] : [[]];
        var catalogs = new TeamCatalogs(platform.Teams.Select(t => new TeamCatalog(t.Name, t.Bucket, paths.Buckets, () => OfRole(t))));
        var rights = new CatalogAccess(catalogs, new Authorizer(access), platform.Region, platform.AccountId);
        var engine = new EmbeddedQueryEngine(paths.Buckets, Path.Combine(paths.Athena, "spill"), rights, caller => access.GrantsOf(caller, Buckets()));
        return new TablesPart(catalogs, new QueryRunner(AthenaStore.Open(paths.Athena, time), engine, storage, time, log.CreateLogger<QueryRunner>()));
    }

    public async ValueTask DisposeAsync()
    {
        await Queries.DisposeAsync().ConfigureAwait(false);
        _catalogs.Dispose();
    }
}
