using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Delivery.Manifests;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Jobs.Tests;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cli.Tests.Job;

/// <summary>A platform without processes: objects in memory, the real job service behind the calls, buckets in a dictionary.</summary>
internal sealed class FakeJobPlatform : IJobConnector, IAwsClient
{
    private readonly JobService _jobs;

    public FakeJobPlatform() =>
        _jobs = new JobService(Cluster, new JobServiceOptions { Region = "us-west-2", AccountId = "000000000000", ClusterName = "p" }, TimeProvider.System);

    public FakeCluster Cluster { get; } = new(TimeProvider.System);

    /// <summary>Objects by <c>bucket/key</c>.</summary>
    public Dictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Nobody answers any more.</summary>
    public bool Stopped { get; set; }

    /// <summary>Called when a virtual cluster is described, the last call before a run is followed.</summary>
    public Action? OnDescribe { get; set; }

    public JobPlatform Connect(CliContext context, string? dataDir) => new("us-west-2", Cluster, this, () => !Stopped);

    /// <summary>With teams <c>a</c> and <c>b</c> over <c>emr-a</c> and <c>emr-b</c>.</summary>
    public static async Task<FakeJobPlatform> StartAsync()
    {
        var platform = new FakeJobPlatform();
        foreach (var team in (string[])["a", "b"])
        {
            await platform.Cluster.CreateAsync(
                new Namespace
                {
                    Metadata = new ObjectMeta
                    {
                        Name = $"emr-{team}",
                        Labels = new Dictionary<string, string> { [TeamNamespace.TeamLabel] = team },
                        Annotations = new Dictionary<string, string>
                        {
                            [TeamNamespace.Bucket] = $"bucket-{team}", [TeamNamespace.RoleArn] = $"arn:aws:iam::000000000000:role/{team}", [TeamNamespace.LogGroup] = $"/logs/{team}",
                        },
                    },
                },
                default);
            await platform._jobs.CreateVirtualClusterAsync(
                new CreateVirtualClusterRequest
                {
                    Name = team,
                    ClientToken = team,
                    ContainerProvider = new ContainerProvider { Type = "EKS", Id = "p", Info = new ContainerInfo { EksInfo = new EksInfo { Namespace = $"emr-{team}" } } },
                },
                new JobCaller("arn:aws:iam::000000000000:user/x"),
                default);
        }

        return platform;
    }

    /// <summary>A job run as it is stored.</summary>
    public async Task<JobRun> RunAsync(string id, string status, string ns = "emr-a", string? logUri = null, ContainerLogRotationConfiguration? rotation = null, JobDriver? driver = null)
    {
        await Cluster.CreateAsync(
            new JobRun
            {
                Metadata = new ObjectMeta { Name = id, Namespace = ns },
                Spec = new JobRunSpec
                {
                    Name = "taxi",
                    VirtualClusterId = "vc",
                    JobDriver = driver,
                    ReleaseLabel = driver is null ? null : "emr-7.9.0-latest",
                    ExecutionRoleArn = driver is null ? null : $"arn:aws:iam::000000000000:role/{ns[^1]}",
                    ConfigurationOverrides = logUri is null ? null : new ConfigurationOverrides { MonitoringConfiguration = new MonitoringConfiguration { S3MonitoringConfiguration = new S3MonitoringConfiguration { LogUri = logUri }, ContainerLogRotationConfiguration = rotation } },
                },
            },
            default);
        await Cluster.StatusAsync<JobRun>(ns, id, status);
        return await Cluster.GetAsync<JobRun>(ns, id, default);
    }

    public void Log(string bucket, string key, string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionMode.Compress))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        Objects[$"{bucket}/{key}"] = bytes.ToArray();
    }

    public Task<CliOutcome> HearthAsync(params string[] arguments) => new CliHarness { Jobs = this }.RunAsync(CancellationToken.None, ["job", .. arguments]);

    public async Task<JsonObject> JsonAsync(string service, HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        service.ShouldBe("emr-containers");
        try
        {
            return await AnswerAsync(method.Method, path.Split('?')[0].Trim('/').Split('/'), body, ct);
        }
        catch (JobException e)
        {
            throw new AwsClientException(400, "ValidationException", e.Message);
        }
    }

    public async Task PutFileAsync(string bucket, string key, string file, CancellationToken ct) => Objects[$"{bucket}/{key}"] = await File.ReadAllBytesAsync(file, ct);

    public Task<Stream> GetObjectAsync(string bucket, string key, CancellationToken ct) => Objects.TryGetValue($"{bucket}/{key}", out var found)
        ? Task.FromResult<Stream>(new MemoryStream(found))
        : throw new AwsClientException(404, "NoSuchKey", "The specified key does not exist.");

    public void Dispose()
    {
        // Lives as long as the test.
    }

    private async Task<JsonObject> AnswerAsync(string method, string[] path, JsonObject? body, CancellationToken ct)
    {
        switch (method, path)
        {
            case ("GET", ["virtualclusters"]):
                var page = await _jobs.ListVirtualClustersAsync(new ListVirtualClustersRequest(), ct);
                return new JsonObject { ["virtualClusters"] = new JsonArray([.. page.Items.Select(c => JsonSerializer.SerializeToNode(c, JobsJson.Default.VirtualClusterDescription))]) };
            case ("GET", ["virtualclusters", var id]):
                OnDescribe?.Invoke();
                return new JsonObject { ["virtualCluster"] = JsonSerializer.SerializeToNode(await _jobs.DescribeVirtualClusterAsync(id, ct), JobsJson.Default.VirtualClusterDescription) };
            case ("POST", ["virtualclusters", var id, "jobruns"]):
                var request = body.Deserialize(JobsJson.Default.StartJobRunRequest)! with { VirtualClusterId = id };
                var started = await _jobs.StartJobRunAsync(request, new JobCaller("arn:aws:iam::000000000000:user/x"), ct);
                return new JsonObject { ["id"] = started.Id, ["virtualClusterId"] = id };
            case ("GET", ["virtualclusters", var id, "jobruns", var run]):
                return new JsonObject { ["jobRun"] = JsonSerializer.SerializeToNode(await _jobs.DescribeJobRunAsync(id, run, ct), JobsJson.Default.JobRunDescription) };
            case ("DELETE", ["virtualclusters", var id, "jobruns", var run]):
                return new JsonObject { ["id"] = await _jobs.CancelJobRunAsync(id, run, ct) };
            default:
                throw new NotSupportedException($"{method} {string.Join('/', path)}");
        }
    }
}
