using Hearth.Aws;
using Hearth.Aws.Athena;
using Hearth.Aws.Eks;
using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Declared;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Hearth.Aws.Tables;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Cli.Hosting.Embedded.Tables;
using Hearth.Engine.Session;
using Hearth.Jobs.Service;
using Hearth.Jobs.Tests;
using Hearth.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cli.Tests.Tables;

/// <summary>The AWS endpoint with the teams' tables behind Glue and Athena, without a cluster: two teams, <c>team-a</c> and <c>team-b</c>.</summary>
public sealed class TablesEndpoint : IAsyncLifetime
{
    public const string Account = "123456789012";
    public const string Region = "us-west-2";

    private static readonly PlatformDeclaration Declaration = new() { Name = "p", Region = Region, AccountId = Account, Teams = [Team("team-a"), Team("team-b")] };
    private readonly TemporaryDirectory _directory = new();
    private ObjectStorage? _storage;
    private TablesPart? _tables;
    private AwsEndpoint? _endpoint;

    public Uri Address => _endpoint!.Address;

    internal FileCredentialStore Credentials { get; private set; } = null!;

    internal DataPaths Paths { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!QueryTests.HasLibrary())
        {
            return;
        }

        var time = TimeProvider.System;
        Paths = new DataPaths(_directory.Path);
        Credentials = FileCredentialStore.Open(Paths.Credentials, Account, Declaration.Teams.Select(t => t.Name));
        _storage = ObjectStorage.Open(Paths.Buckets, Paths.BucketMetadata, time);
        foreach (var team in Declaration.Teams)
        {
            _storage.CreateBucket(team.Bucket, team.Name);
        }

        var identities = new MemoryIdentityStore();
        await DeclaredIdentities.ApplyAsync(Declaration, OidcIssuer.Of(Region, Account, "p"), identities, CancellationToken.None);
        _tables = TablesPart.Start(Declaration, Paths, _storage, new AccessControl(identities, Account, time), NullLoggerFactory.Instance, time);
        var jobs = new JobService(new FakeCluster(time), new JobServiceOptions { Region = Region, AccountId = Account, ClusterName = "p" }, time);
        _endpoint = await AwsEndpoint.StartAsync(
            new AwsEndpointOptions
            {
                Region = Region,
                AccountId = Account,
                Identities = identities,
                BucketTeams = Declaration.Teams.ToDictionary(t => t.Bucket, t => t.Name),
                Catalogs = _tables.Catalogs,
                Queries = _tables.Queries,
                Cluster = new EksCluster { Name = "p", Endpoint = new Uri("https://127.0.0.1:1"), CertificateAuthorityPem = "", Version = "1.33", CreatedAt = DateTimeOffset.UnixEpoch },
            },
            Credentials, _storage, jobs, time, NullLoggerFactory.Instance, CancellationToken.None);
        Fill();
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
            await _tables!.DisposeAsync();
            _storage!.Dispose();
        }

        _directory.Dispose();
    }

    /// <summary>A team's bucket.</summary>
    public static string Bucket(string team) => $"{team}-bucket";

    // What jobs of the teams have written.
    private void Fill()
    {
        using var a = EngineSession.Open(new EngineOptions { Conf = TeamCatalog.Settings(Paths.Buckets, Bucket("team-a")) });
        a.Execute("CREATE DATABASE sales COMMENT 'what was sold'");
        a.Execute("CREATE TABLE sales.trips (id INT, price DECIMAL(9,2), tags ARRAY<STRING>, day STRING, hour INT) USING parquet PARTITIONED BY (day, hour)");
        for (var hour = 0; hour < 3; hour++)
        {
            a.Execute($"INSERT INTO sales.trips VALUES ({hour}, 1.50, array('x', NULL), '2024-01-01', {hour}), ({hour + 10}, NULL, NULL, '2024-01-02', {hour})");
        }

        a.Execute("CREATE TABLE employees (id INT, name STRING, salary INT) USING delta COMMENT 'who works here' TBLPROPERTIES ('team' = 'hr')");
        a.Execute("INSERT INTO employees VALUES (1, 'Mary \"M\" Major', 9000), (2, 'Li, Juan', 7800), (3, NULL, NULL)");
        a.Execute("CREATE VIEW rich AS SELECT name FROM employees WHERE salary > 8000");
        using var b = EngineSession.Open(new EngineOptions { Conf = TeamCatalog.Settings(Paths.Buckets, Bucket("team-b")) });
        b.Execute("CREATE TABLE secrets USING parquet AS SELECT 1 AS x");
    }

    private static Team Team(string name) => new()
    {
        Name = name, Namespace = name, Bucket = Bucket(name), LogGroup = $"/emr/{name}", ExecutionRole = new ExecutionRole { Name = name }, VirtualCluster = name,
    };
}
