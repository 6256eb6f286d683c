using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Realization;
using Hearth.Cli.Output;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job run REQUEST.json</c>: submits through StartJobRun and follows to the end.</summary>
internal sealed class RunCommand
{
    private const string Service = "emr-containers";
    private readonly CliContext _context;
    private readonly Option<string?> _dataDir = SharedOptions.DataDirectory();
    private readonly Option<string> _output = OutputOption.Create();
    private readonly Argument<string> _request = new("request")
    {
        Description = "A StartJobRun request, as `aws emr-containers start-job-run --cli-input-json` takes it. "
            + "${VIRTUAL_CLUSTER_ID}, ${ROLE_ARN}, ${S3_BUCKET} (with s3://), ${LOG_GROUP} and ${REGION} are filled in from the team.",
        HelpName = "REQUEST.json",
    };

    private readonly Option<string?> _team = new("--team") { Description = "The team to run as [default: the only or first one].", HelpName = "NAME" };
    private readonly Option<string?> _upload = new("--upload") { Description = "First upload this folder to s3://TEAM-BUCKET/NAME-OF-FOLDER/scripts/.", HelpName = "DIR" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Follow the job to its end; exit code 0 when it completed (the default)." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return once the job is submitted." };

    private RunCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var run = new RunCommand(context);
        var command = new Command("run", "Submit a StartJobRun request file and follow it.") { run._request, run._team, run._upload, run._wait, run._noWait, run._output, run._dataDir };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run._wait) && result.GetValue(run._noWait))
            {
                result.AddError("--wait and --no-wait exclude each other");
            }
        });
        command.SetAction(run.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var file = JobRequestFile.Read(parsed.GetValue(_request)!);
        var upload = parsed.GetValue(_upload) is { } folder ? FolderUpload.Of(folder) : null;
        var format = OutputOption.Read(parsed, _output);
        var clock = Stopwatch.StartNew();
        Action<string> say = format == OutputFormat.Table
            ? line => _context.Print(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s  {line}"))
            : _ => { };
        return await JobAction.RunAsync(_context, parsed.GetValue(_dataDir), async platform =>
        {
            var team = (await Teams.ReadAsync(platform.Kube, ct).ConfigureAwait(false)).Choose(parsed.GetValue(_team));
            var (cluster, request) = await FillAsync(platform, file, team, ct).ConfigureAwait(false);
            if (upload is not null)
            {
                await upload.RunAsync(platform.Aws, team.Bucket, ct).ConfigureAwait(false);
                say($"uploaded {upload.Count} files to s3://{team.Bucket}/{upload.Prefix}");
            }

            var started = await StartAsync(platform, file, cluster, request, ct).ConfigureAwait(false);
            var id = started["id"]!.GetValue<string>();
            say($"job run {id} started in virtual cluster {cluster} of team {team.Name}");
            if (parsed.GetValue(_noWait))
            {
                Write(format, started);
                return ExitCodes.Success;
            }

            var ns = await VirtualClusters.NamespaceAsync(platform.Aws, cluster, ct).ConfigureAwait(false);
            return await EndAsync(platform, format, await FollowAsync(platform, ns, id, say, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        }).ConfigureAwait(false);
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
