using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Manifests;
using Hearth.Cli.Output;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job run REQUEST.json</c>, or <c>--script FILE</c>, or <c>--sql FILE</c>: submits through StartJobRun and follows to the end.</summary>
internal sealed class RunCommand
{
    private const string Service = "emr-containers";
    private readonly CliContext _context;
    private readonly RunOptions _options = new();

    private RunCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var run = new RunCommand(context);
        var command = run._options.Command();
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var program = _options.Program(parsed);
        var read = program is null ? JobRequestFile.ReadRun(_options.RequestFile(parsed)) : null;
        var upload = parsed.GetValue(_options.Upload) is { } folder ? FolderUpload.Of(folder) : null;
        var format = OutputOption.Read(parsed, _options.Output);
        var clock = Stopwatch.StartNew();
        Action<string> say = format == OutputFormat.Table
            ? line => _context.Print(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s  {line}"))
            : _ => { };
        return await JobAction.RunAsync(_context, parsed.GetValue(_options.DataDir), async platform =>
        {
            var team = (await Teams.ReadAsync(platform.Kube, ct).ConfigureAwait(false)).Choose(parsed.GetValue(_options.Team));
            var file = read ?? JobRequestFile.OfText(RunOptions.MadeHere, JobRequestBuilder.Build(_options.Wish(parsed, program!, platform, team)).ToJsonString());
            if (!parsed.GetValue(_options.NoLint))
            {
                JobLint.Check(file, platform.Declaration, team.Name);
            }

            var (cluster, request) = await FillAsync(platform, file, team, ct).ConfigureAwait(false);
            await UploadAsync(platform, team, program, upload, say, ct).ConfigureAwait(false);
            var started = await StartAsync(platform, file, cluster, request, ct).ConfigureAwait(false);
            var id = started["id"]!.GetValue<string>();
            say($"job run {id} started in virtual cluster {cluster} of team {team.Name}");
            if (parsed.GetValue(_options.Detach))
            {
                Write(format, started);
                return ExitCodes.Success;
            }

            var ns = await VirtualClusters.NamespaceAsync(platform.Aws, cluster, ct).ConfigureAwait(false);
            return await EndAsync(platform, format, await FollowAsync(platform, ns, id, say, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static async Task UploadAsync(JobPlatform platform, TeamPlace team, JobProgram? program, FolderUpload? folder, Action<string> say, CancellationToken ct)
    {
        if (program?.Files.Count > 0)
        {
            await program.UploadAsync(platform.Aws, team.Bucket, ct).ConfigureAwait(false);
            say($"uploaded {string.Join(", ", program.Files.Select(f => f.Name))} to s3://{team.Bucket}/{program.Name}/scripts/");
        }

        if (folder is not null)
        {
            await folder.RunAsync(platform.Aws, team.Bucket, ct).ConfigureAwait(false);
            say($"uploaded {folder.Count} files to s3://{team.Bucket}/{folder.Prefix}");
        }
    }

    /// <summary>The request without what belongs into the path, and the virtual cluster it goes to.</summary>
    private static async Task<(string Cluster, JsonObject Request)> FillAsync(JobPlatform platform, JobRequestFile file, TeamPlace team, CancellationToken ct)
    {
        var cluster = await VirtualClusters.OfTeamAsync(platform.Aws, team, ct).ConfigureAwait(false);
        var request = file.Fill(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["VIRTUAL_CLUSTER_ID"] = cluster,
            ["ROLE_ARN"] = team.RoleArn,
            ["S3_BUCKET"] = $"s3://{team.Bucket}",
            ["LOG_GROUP"] = team.LogGroup,
            ["REGION"] = platform.Region,
        });
        cluster = request["virtualClusterId"]?.GetValue<string>() ?? cluster;
        request.Remove("virtualClusterId");
        request["clientToken"] ??= Guid.NewGuid().ToString("N");
        return (cluster, request);
    }

    private static async Task<JsonObject> StartAsync(JobPlatform platform, JobRequestFile file, string cluster, JsonObject request, CancellationToken ct)
    {
        try
        {
            return await platform.Aws.JsonAsync(Service, HttpMethod.Post, $"/virtualclusters/{Uri.EscapeDataString(cluster)}/jobruns", request, ct).ConfigureAwait(false);
        }
        catch (AwsClientException e) when (e.Status == 400)
        {
            throw CliException.BadInput($"{file.Path}: {e.Message}");
        }
    }

    private async Task<JobRun> FollowAsync(JobPlatform platform, string ns, string id, Action<string> say, CancellationToken ct)
    {
        try
        {
            return await platform.WhileRunningAsync(token => new JobFollower(platform.Kube, ns, id, say).RunAsync(token), _context.Clock, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _context.Say($"hearth: no longer following; the job goes on. `hearth job cancel {id}` ends it.");
            throw;
        }
    }

    private async Task<int> EndAsync(JobPlatform platform, OutputFormat format, JobRun run, CancellationToken ct)
    {
        if (format != OutputFormat.Table)
        {
            var described = await platform.Aws.JsonAsync(Service, HttpMethod.Get, $"/virtualclusters/{run.Spec.VirtualClusterId}/jobruns/{run.Id}", null, ct).ConfigureAwait(false);
            Write(format, described["jobRun"]!.AsObject());
        }
        else if (run.Status?.Logs?.S3Uri is { } logs)
        {
            _context.Print($"logs  {logs}");
        }

        return run.State == JobRunState.Completed
            ? ExitCodes.Success
            : throw new CliException(
                $"job run {run.Id} ended {JobText.State(run.State)}: {run.Status?.FailureMessage ?? run.Status?.StateDetails ?? "no reason is known"}",
                $"More: `hearth job explain {run.Id}`, `hearth job logs {run.Id} --stderr`.");
    }

    private void Write(OutputFormat format, JsonObject document)
    {
        if (format != OutputFormat.Table)
        {
            ListingWriter.Write(_context, format, new Listing([], [], document));
        }
        else
        {
            _context.Print(document["id"]!.GetValue<string>());
        }
    }
}
