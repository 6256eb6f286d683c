using System.Text.Json.Nodes;
using Hearth.EndToEnd.Tests.Platform;

namespace Hearth.EndToEnd.Tests.Samples;

/// <summary>One platform of <c>samples/platform.yaml</c> for all samples.</summary>
public sealed class SamplePlatform : IAsyncLifetime
{
    public const string Namespace = "emr-data-team-a";
    public const string Bucket = "s3://emr-data-team-a-000000000000-us-west-2";
    public const string Role = "arn:aws:iam::000000000000:role/emr-eks-karpenter-emr-data-team-a";
    public const string LogGroup = $"/emr-on-eks-logs/emr-eks-karpenter/{Namespace}";

    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-samples").FullName;

    public RunningHearth Hearth { get; private set; } = null!;

    /// <summary>The samples' runs, begun when the platform was ready.</summary>
    public SampleRuns Runs { get; private set; } = null!;

    /// <summary>The folder of the samples.</summary>
    public static string Folder => Path.Combine(Tool.Home, "samples");

    /// <summary>Why there is no platform, or null.</summary>
    public static string? Missing { get; } = PlatformFixture.Missing ?? (Tool.Exists("envsubst") ? null : "needs envsubst");

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Hearth = await RunningHearth.StartAsync(_directory, "--blueprint", Path.Combine(Folder, "platform.yaml"));
            Runs = await SampleRuns.StartAsync(Hearth, new Dictionary<string, string>(Hearth.Environment)
            {
                ["AWS_REGION"] = "us-west-2",
                ["VIRTUAL_CLUSTER_ID"] = await Hearth.VirtualClusterAsync(Namespace),
                ["ROLE_ARN"] = Role,
                ["LOG_GROUP"] = LogGroup,
                ["S3_BUCKET"] = Bucket,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Runs is not null)
        {
            await Runs.AllAsync();
            Runs.Dispose();
        }

        if (Hearth is not null)
        {
            await Hearth.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs <c>hearth</c> against the platform.</summary>
    public Task<ToolResult> HearthAsync(params string[] arguments) => Hearth.RunAsync(Tool.Hearth, [.. arguments, "--data-dir", Hearth.DataDirectory]);

    /// <summary>What the AWS CLI says of a run.</summary>
    public Task<JsonNode> DescribeAsync(string id) => Hearth.DescribeAsync(Namespace, id);

    /// <summary>A driver's standard output, from S3 in EMR's layout.</summary>
    public async Task<string> StoredOutputAsync(string id, string prefix = "logs/")
    {
        var log = $"{Bucket}/{prefix}{await Hearth.VirtualClusterAsync(Namespace)}/jobs/{id}/containers/spark-{id}/spark-{id}-driver/stdout.gz";
        return (await Hearth.RunAsync("bash", "-c", $"aws s3 cp {log} - | gunzip")).Succeeded();
    }
}

/// <summary>Tests that share the platform of the samples.</summary>
[CollectionDefinition(nameof(SamplePlatform))]
#pragma warning disable CA1711 // xunit's word
public sealed class SamplePlatformCollection : ICollectionFixture<SamplePlatform>;
#pragma warning restore CA1711
