using System.Diagnostics;
using Hearth.Aws;
using Hearth.Aws.CloudFormation;
using Hearth.Aws.Ec2;
using Hearth.Aws.Eks;
using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Declared;
using Hearth.Aws.Logs.Storage;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Hearth.EndToEnd.Tests.Platform;
using Hearth.Jobs.Service;
using Hearth.Jobs.Tests;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.EndToEnd.Tests.Aws;

/// <summary>The AWS endpoint with keys, profiles and an empty cluster, in directories of its own; clients run as processes.</summary>
public sealed class AwsPlatform : IAsyncLifetime
{
    public const string Region = "us-west-2";
    public const string Account = "123456789012";
    public const string TeamA = "emr-data-team-a";
    public const string TeamB = "emr-data-team-b";

    /// <summary>Two teams; team a may also read what lies under <c>shared/</c> in the bucket of team b.</summary>
    public static readonly PlatformDeclaration Declaration = new()
    {
        Name = "emr-eks-karpenter", Region = Region, AccountId = Account,
        Network = new Network
        {
            Zones = ["us-west-2a", "us-west-2b"], SecondaryCidrs = ["100.64.0.0/16"],
            Subnets =
            [
                new Subnet { Name = "private-a", Kind = "private", Zone = "us-west-2a", Cidr = "10.1.1.0/24" },
                new Subnet { Name = "private-b", Kind = "private", Zone = "us-west-2b", Cidr = "10.1.2.0/24" },
                new Subnet { Name = "data-a", Kind = "dataPlane", Zone = "us-west-2a", Cidr = "100.64.0.0/17" },
            ],
        },
        NodeGroups = [new NodeGroup { Name = "core-node-group", InstanceTypes = ["m5.xlarge"], MinSize = 3, DesiredSize = 3, MaxSize = 9, Labels = new Dictionary<string, string> { ["NodeGroupType"] = "core" } }],
        Teams =
        [
            Team(TeamA) with { ExecutionRole = new ExecutionRole { Name = TeamA, Buckets = [new BucketAccess { Bucket = TeamB + "-bucket", Prefix = "shared/" }] } },
            Team(TeamB),
        ],
    };

    private static readonly string Issuer = OidcIssuer.Of(Region, Account, "emr-eks-karpenter");
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-aws-");
    private AwsEndpoint? endpoint;
    private ObjectStorage? storage;
    private LogStorage? logs;

    public string Root => directory.FullName;

    public Uri Address => endpoint!.Address;

    public FileCredentialStore Credentials { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Credentials = FileCredentialStore.Open(Path.Combine(Root, "credentials.json"), Account, [TeamA, TeamB]);
        storage = ObjectStorage.Open(Path.Combine(Root, "s3"), Path.Combine(Root, "s3-metadata"), TimeProvider.System);
        var cluster = new FakeCluster(TimeProvider.System);
        foreach (var team in (string[])[TeamA, TeamB])
        {
            await cluster.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = team } }, CancellationToken.None);
        }
        var jobs = new JobService(cluster, new JobServiceOptions { Region = Region, AccountId = Account, ClusterName = "emr-eks-karpenter" }, TimeProvider.System);
        logs = LogStorage.Open(Path.Combine(Root, "cloudwatch"), TimeProvider.System);
        foreach (var team in Declaration.Teams)
        {
            logs.CreateGroup(team.LogGroup);
        }
        var identities = new MemoryIdentityStore();
        await DeclaredIdentities.ApplyAsync(Declaration, Issuer, identities, CancellationToken.None);
        foreach (var team in Declaration.Teams)
        {
            storage.CreateBucket(team.Bucket, team.Name);
        }
        var options = new AwsEndpointOptions
        {
            Identities = identities,
            Logs = logs,
            Estate = new Estate(Declaration),
            Stacks = new TwoStacks(),
            KubeClient = cluster,
            Oidc = new OidcDocuments(Issuer, () => new System.Text.Json.Nodes.JsonObject { ["keys"] = new System.Text.Json.Nodes.JsonArray() }),
            BucketTeams = Declaration.Teams.ToDictionary(t => t.Bucket, t => t.Name),
            Region = Region,
            AccountId = Account,
            Cluster = new EksCluster
            {
                Name = "emr-eks-karpenter", Endpoint = new Uri("https://127.0.0.1:6443"), CertificateAuthorityPem = "-----BEGIN CERTIFICATE-----\n",
                Version = "1.33", CreatedAt = DateTimeOffset.UtcNow, OidcIssuer = Issuer,
            },
            NamespaceTeams = new Dictionary<string, string> { [TeamA] = TeamA, [TeamB] = TeamB },
        };
        endpoint = await AwsEndpoint.StartAsync(options, Credentials, storage, jobs, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        AwsProfiles.Write(Path.Combine(Root, "aws"), Credentials.All, Region, Address);
    }

    public async ValueTask DisposeAsync()
    {
        await endpoint!.DisposeAsync();
        storage!.Dispose();
        logs!.Dispose();
        directory.Delete(recursive: true);
    }

    /// <summary>Runs a client with a profile and gives what it printed; fails the test when the exit code is another.</summary>
    public async Task<string> RunAsync(string profile, string client, string[] arguments, int exitCode = 0)
    {
        var start = new ProcessStartInfo(client, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AWS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["AWS_CONFIG_FILE"] = Path.Combine(Root, "aws/config");
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(Root, "aws/credentials");
        start.Environment["AWS_PROFILE"] = profile;
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_PAGER"] = "";
        start.Environment["NO_PROXY"] = "*";
        start.Environment["KUBECONFIG"] = Path.Combine(Root, "kubeconfig");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(deadline.Token);
        process.ExitCode.ShouldBe(exitCode, $"{client} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return exitCode == 0 ? await output : await output + await errors;
    }

    private static Team Team(string name) => new()
    {
        Name = name, Namespace = name, Bucket = name + "-bucket", LogGroup = "/emr-on-eks-logs/emr-eks-karpenter/" + name, ExecutionRole = new ExecutionRole { Name = name },
    };

    /// <summary>Skips the test when a client is missing.</summary>
    public static void Needs(string client, string probe = "--version")
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(client, probe.Split(' ', 2)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"needs {client} {probe}");
            Assert.SkipWhen(client == "aws" && Tool.AwsProblem is not null, Tool.AwsProblem ?? "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"needs {client}");
        }
    }

    private sealed class TwoStacks : IDeclaredStacks
    {
        public Task<IReadOnlyList<DeclaredStack>> ListAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<DeclaredStack>>(
        [
            new("emr-eks-karpenter-network", "VPC", [new("VpcId", "vpc-1", "The VPC")]),
            new("emr-eks-karpenter-teams", "Teams",
                [new("CriticalConfig", """{"a":"<&>"}""", "Configuration"), new("AVirtualClusterId", "one", "Of a", TeamA), new("BVirtualClusterId", "two", "Of b", TeamB)]),
        ]);
    }
}
