using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Aws.Signing;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Hosting;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Engine;
using Hearth.Engine.Samples;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Config;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Demo;

/// <summary>The demo on a running platform, step by step, as a client of its public APIs.</summary>
internal sealed class DemoRun(CliContext context, PlatformOptions options, long rows, long seed)
{
    private const string Sample = "taxi-trips";
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>A line of progress, with the seconds since the demo began.</summary>
    public void Say(string line) => context.Print(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,6:0.0} s  {line}"));

    /// <summary>Runs everything; exit code 0 when the job completed.</summary>
    public async Task<int> RunAsync(PlatformEndpoints endpoints, CancellationToken ct)
    {
        try
        {
            return await RunStepsAsync(endpoints, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AwsClientException or KubeException or EngineException)
        {
            throw new CliException(e.Message, $"What the platform did is in {Path.Combine(options.DataDirectory, "logs", "hearth.log")}.");
        }
    }

    private async Task<int> RunStepsAsync(PlatformEndpoints endpoints, CancellationToken ct)
    {
        var team = options.Platform.Teams[0];
        Say($"platform ready: kubernetes {endpoints.Kubernetes}, aws {endpoints.Aws}");
        var paths = new DataPaths(options.DataDirectory);
        var credentials = FileCredentialStore.Open(paths.Credentials, options.Platform.AccountId, options.Platform.Teams.Select(t => t.Name));
        using var aws = new AwsClient(new Uri(endpoints.Aws), credentials.All.First(c => c.Team == team.Name), options.Platform.Region, context.Clock);
        await UploadAsync(aws, team, ct).ConfigureAwait(false);
        var (cluster, job) = await SubmitAsync(aws, team, ct).ConfigureAwait(false);

        using var kube = new RestKubeClient(Kubeconfig.Read(endpoints.Kubeconfig).Connection(time: context.Clock));
        var follower = new JobFollower(kube, team.Namespace, job, Say);
        var run = await follower.RunAsync(ct).ConfigureAwait(false);
        if (run.State != JobRunState.Completed)
        {
            return await FailedAsync(kube, team, run, ct).ConfigureAwait(false);
        }

        context.Print("");
        await DemoResult.PrintAsync(context, paths, team, ct).ConfigureAwait(false);
        await NodeCosts.PrintAsync(context, kube, follower.Nodes, ct).ConfigureAwait(false);
        PrintPlaces(team, cluster, run);
        return ExitCodes.Success;
    }

    private async Task UploadAsync(AwsClient aws, Team team, CancellationToken ct)
    {
        var data = Path.Combine(options.DataDirectory, "demo-data");
        var files = await TaxiTripsGenerator.GenerateAsync(data, rows, seed, ct).ConfigureAwait(false);
        var bytes = files.Sum(f => new FileInfo(f.Path).Length);
        Say(string.Create(CultureInfo.InvariantCulture, $"{files.Sum(f => f.Rows):N0} taxi trips generated: {files.Count} Parquet files, {bytes / 1048576.0:0.0} MiB (seed {seed})"));
        foreach (var file in files)
        {
            await aws.PutFileAsync(team.Bucket, $"{Sample}/input/{Path.GetFileName(file.Path)}", file.Path, ct).ConfigureAwait(false);
        }

        foreach (var file in Directory.EnumerateFiles(SampleDirectory()).Where(f => f.EndsWith(".py", StringComparison.Ordinal) || f.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            await aws.PutFileAsync(team.Bucket, $"{Sample}/scripts/{Path.GetFileName(file)}", file, ct).ConfigureAwait(false);
        }

        Say($"uploaded script, pod templates and data to s3://{team.Bucket}/{Sample}/ through the S3 API");
    }

    private async Task<(string Cluster, string Job)> SubmitAsync(AwsClient aws, Team team, CancellationToken ct)
    {
        var listed = await aws.JsonAsync("emr-containers", HttpMethod.Get, "/virtualclusters?states=RUNNING", null, ct).ConfigureAwait(false);
        var cluster = listed["virtualClusters"]!.AsArray()
            .First(c => c!["containerProvider"]!["info"]!["eksInfo"]!["namespace"]!.GetValue<string>() == team.Namespace)!["id"]!.GetValue<string>();
        var text = await File.ReadAllTextAsync(Path.Combine(SampleDirectory(), "job-request.json"), ct).ConfigureAwait(false);
        var request = JsonNode.Parse(text
            .Replace("${VIRTUAL_CLUSTER_ID}", cluster, StringComparison.Ordinal)
            .Replace("${ROLE_ARN}", TeamClusters.RoleArn(options.Platform, team), StringComparison.Ordinal)
            .Replace("${S3_BUCKET}", $"s3://{team.Bucket}", StringComparison.Ordinal)
            .Replace("${LOG_GROUP}", team.LogGroup, StringComparison.Ordinal))!.AsObject();
        request.Remove("virtualClusterId");
        request["clientToken"] = Guid.NewGuid().ToString("N");
        var answer = await aws.JsonAsync("emr-containers", HttpMethod.Post, $"/virtualclusters/{cluster}/jobruns", request, ct).ConfigureAwait(false);
        var job = answer["id"]!.GetValue<string>();
        Say($"job run {job} started in virtual cluster {cluster} ({team.VirtualCluster}) through StartJobRun");
        return (cluster, job);
    }

    private async Task<int> FailedAsync(IKubeClient kube, Team team, JobRun run, CancellationToken ct)
    {
        context.Say($"hearth: job run {run.Id} ended {run.State.ToString().ToUpperInvariant()}: {run.Status?.StateDetails}");
        if (run.Status?.Driver?.PodName is { } pod)
        {
            try
            {
                using var reader = new StreamReader(await kube.LogAsync(team.Namespace, pod, new LogOptions { TailLines = 40 }, ct).ConfigureAwait(false));
                context.Say(await reader.ReadToEndAsync(ct).ConfigureAwait(false));
            }
            catch (KubeException e)
            {
                context.Say($"(no driver log: {e.Message})");
            }
        }

        context.Say($"What the platform did is in {Path.Combine(options.DataDirectory, "logs", "hearth.log")}.");
        return ExitCodes.Failure;
    }

    private void PrintPlaces(Team team, string cluster, JobRun run)
    {
        context.Print("");
        context.Print($"Output   s3://{team.Bucket}/{Sample}/output/");
        context.Print($"         {Path.Combine(new DataPaths(options.DataDirectory).Buckets, team.Bucket, Sample, "output")}");
        context.Print($"Logs     {run.Status?.Logs?.S3Uri ?? $"s3://{team.Bucket}/logs/{cluster}/jobs/{run.Id}/"}");
        context.Print("");
        context.Print($"The files stay until the next demo. Look around on your own:  ./hearth up --data-dir {options.DataDirectory}");
    }

    private string SampleDirectory() => Path.Combine(options.Home!, "samples", Sample);
}
