using System.Collections.Immutable;
using Hearth.Aws;
using Hearth.Aws.Ec2;
using Hearth.Aws.Eks;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Logs;
using Hearth.Aws.Logs.Storage;
using Hearth.Aws.S3;
using Hearth.Aws.S3.Api;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Hearth.Cli.Hosting.Embedded.Tables;
using Hearth.Jobs.Controllers;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Service;
using Hearth.Platform;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>The AWS side: buckets, the job room with its controllers, and the endpoint that clients call.</summary>
internal sealed partial class AwsPart : IAsyncDisposable
{
    private readonly ObjectStorage _storage;
    private readonly LogStorage _logs;
    private readonly JobService _jobs;
    private readonly TablesPart _tables;
    private readonly AwsEndpoint _endpoint;
    private readonly DataPaths _paths;
    private readonly string _region;
    private int _stopped;

    private AwsPart(ObjectStorage storage, LogStorage logs, JobService jobs, TablesPart tables, AwsEndpoint endpoint, DataPaths paths, string region) =>
        (_storage, _logs, _jobs, _tables, _endpoint, _paths, _region) = (storage, logs, jobs, tables, endpoint, paths, region);

    /// <summary>Base URL, for <c>AWS_ENDPOINT_URL</c>.</summary>
    public Uri Address => _endpoint.Address;

    /// <summary>What containers are told about AWS; keys are not among it.</summary>
    public ImmutableDictionary<string, string> ContainerEnvironment => ImmutableDictionary<string, string>.Empty
        .Add("AWS_ENDPOINT_URL", Address.ToString().TrimEnd('/'))
        .Add("AWS_REGION", _region)
        .Add("AWS_DEFAULT_REGION", _region);

    public static async Task<AwsPart> StartAsync(
        PlatformOptions options, DataPaths paths, ICredentialStore credentials, SessionTokens sessions, IdentityPart identity, ClusterPart cluster, BackgroundWork work, ILoggerFactory log, TimeProvider time, CancellationToken ct)
    {
        var platform = options.Platform;
        var storage = ObjectStorage.Open(paths.Buckets, paths.BucketMetadata, time);
        foreach (var team in platform.Teams)
        {
            storage.CreateBucket(team.Bucket, team.Name);
        }

        var logs = LogStorage.Open(paths.CloudWatch, time);
        foreach (var team in platform.Teams)
        {
            logs.CreateGroup(team.LogGroup, platform.Tags);
            logs.ChangeGroup(team.LogGroup, g => g with { RetentionDays = team.LogRetentionDays > 0 ? team.LogRetentionDays : null });
        }

        await DefaultJobAssets.EnsureAsync(platform, storage, logs, ct).ConfigureAwait(false);
        var jobs = new JobService(cluster.Client, ServiceOptions(platform), time);
        StartControllers(options, paths, storage, logs, identity, cluster, work, log, time);
        await new TeamClusters(platform, jobs).EnsureAsync(ct).ConfigureAwait(false);
        var tables = TablesPart.Start(platform, paths, storage, identity.Access, log, time);
        var endpoint = await AwsEndpoint.StartAsync(EndpointOptions(options, cluster, identity, time) with { Sessions = sessions, Logs = logs, Stacks = new EmbeddedStacks(platform, jobs, cluster.Address), Catalogs = tables.Catalogs, Queries = tables.Queries }, credentials, storage, jobs, time, log, ct).ConfigureAwait(false);
        return new AwsPart(storage, logs, jobs, tables, endpoint, paths, platform.Region);
    }

    /// <summary>Every bucket with the directory of its objects.</summary>
    public IReadOnlyList<(string Name, string Directory)> BucketDirectories() => [.. _storage.ListBuckets().Select(b => (b.Name, Path.Combine(_paths.Buckets, b.Name)))];

    /// <summary>Takes no more calls. The store stays: job logs are still written to it.</summary>
    public ValueTask StopListeningAsync() => Interlocked.Exchange(ref _stopped, 1) == 0 ? _endpoint.DisposeAsync() : ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        await _tables.DisposeAsync().ConfigureAwait(false);
        _jobs.Dispose();
        _storage.Dispose();
        _logs.Dispose();
    }

    private static void StartControllers(PlatformOptions options, DataPaths paths, ObjectStorage storage, LogStorage logs, IdentityPart identity, ClusterPart cluster, BackgroundWork work, ILoggerFactory log, TimeProvider time)
    {
        var logger = log.CreateLogger<JobControllers>();
        var policy = new IamBucketPolicy(identity.Access, storage, BucketTeams(options.Platform));
        var files = new JobObjects(storage, policy, identity.Access);
        var rights = new LogAccess(identity.Access, options.Platform.Region, options.Platform.AccountId);
        var controllers = new JobControllers(cluster.Client, new JobControllerOptions
        {
            Submission = new SubmissionOptions
            {
                AccountId = options.Platform.AccountId,
                Defaults = new Dictionary<string, string>(StringComparer.Ordinal) { ["spark.hearth.s3.root"] = RoleBuckets.Root },
                DefaultsOf = ns => TeamTables.Settings(options.Platform, ns),
            },
            Service = ServiceOptions(options.Platform),
            Objects = files,
            Roles = new ExecutionRoles(identity.Access, rights, policy, identity.Issuer, g => logs.FindGroup(g) is not null, b => storage.GetBucket(b) is not null),
            Logs = new LogShipping { SpoolDirectory = paths.LogSpool, Writer = files, Store = new JobLogs(logs, identity.Access, rights), Time = time, Log = line => LogJobs(logger, line) },
            Region = options.Platform.Region,
            Time = time,
            Log = line => LogJobs(logger, line),
        });
        work.Start("job controllers", controllers.RunAsync);
    }

    private static JobServiceOptions ServiceOptions(PlatformDeclaration platform) => new() { Region = platform.Region, AccountId = platform.AccountId, ClusterName = platform.Name, SubnetIds = new Estate(platform).SubnetIds("private") };

    private static Dictionary<string, string> BucketTeams(PlatformDeclaration platform) => platform.Teams.ToDictionary(t => t.Bucket, t => t.Name, StringComparer.Ordinal);

    private static AwsEndpointOptions EndpointOptions(PlatformOptions options, ClusterPart cluster, IdentityPart identity, TimeProvider time) => new()
    {
        Address = options.Address,
        Port = options.AwsPort,
        Region = options.Platform.Region,
        AccountId = options.Platform.AccountId,
        BucketTeams = BucketTeams(options.Platform),
        NamespaceTeams = options.Platform.Teams.ToDictionary(t => t.Namespace, t => t.Name, StringComparer.Ordinal),
        Identities = identity.Store,
        WebIdentities = identity.WebIdentities,
        Estate = new Estate(options.Platform),
        KubeClient = cluster.Client,
        Oidc = new OidcDocuments(identity.Issuer, () => cluster.ServiceAccountKeys),
        Cluster = new EksCluster
        {
            Name = options.Platform.Name,
            Endpoint = cluster.Address,
            CertificateAuthorityPem = cluster.CertificateAuthorityPem,
            Version = options.Platform.KubernetesVersion,
            CreatedAt = time.GetUtcNow(),
            OidcIssuer = identity.Issuer,
            Tags = options.Platform.Tags,
        },
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void LogJobs(ILogger logger, string line);
}
